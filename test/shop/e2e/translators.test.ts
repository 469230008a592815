/** Events of the warehouse on the bus: delivered stock is received once. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

const cloudEvent = (id: string, data: unknown) => ({
  specversion: "1.0",
  id,
  source: "warehouse",
  type: "StockDelivered",
  time: new Date().toISOString(),
  datacontenttype: "application/json",
  data,
});

const publish = (detail: unknown) => shop.owner.publish("warehouse", "StockDelivered", detail);

const commandsIn = async (sku: string) =>
  (await shop.owner.stream(`inventory-${sku}`)).map(({ id }) => id?.S);

test("a delivery that is published several times is received once", async () => {
  const delivered = cloudEvent("d/1", { article: "fig", pieces: 4, shelf: "A7" });
  await publish(delivered);
  await publish(delivered);
  await publish(cloudEvent("d/2", { article: "fig", pieces: 3 }));
  await shop.waitForStock("fig", { received: 7, available: 7 });
  await publish(delivered);
  await publish(cloudEvent("d/3", { article: "fig", pieces: 1 }));
  await shop.waitForStock("fig", { received: 8 });
  const ids = ["d%2F1", "d%2F2", "d%2F3"].map((id) => `stock-deliveries/warehouse/${id}`);
  expect((await commandsIn("fig")).toSorted()).toEqual(ids);
});

test("different data with the source and id of a known event are a dead letter at once, which can be settled and redriven", async () => {
  const [handler, sku] = ["stock-deliveries", "mango"];
  await publish(cloudEvent("d-30", { article: sku, pieces: 4 }));
  await shop.waitForStock(sku, { received: 4 });
  await publish(cloudEvent("d-30", { article: "papaya", pieces: 4 }));
  const letters = async () =>
    [(await shop.owner.operate({ action: "dead-letters", handler })).letters].flat();
  const deadLetter = { because: expect.stringMatching(/^event-id-reused: warehouse\/d-30 /) };
  const isThere = async () => ((await letters()).length === 1 ? true : undefined);
  await shop.wait("the dead letter", isThere);
  expect(await letters()).toMatchObject([{ ...deadLetter, payload: expect.stringContaining("papaya") }]);
  await publish(cloudEvent("d-30", { article: sku, pieces: 4 }));
  await publish(cloudEvent("d-31", { article: sku, pieces: 1 }));
  await shop.waitForStock(sku, { received: 5 });
  expect(await shop.get("/stock/papaya")).toMatchObject({ status: 404 });
  // An operator has settled it with the warehouse and removes the event from the inbox. Now the redrive succeeds.
  await shop.owner.remove("inbox", "stock-deliveries/warehouse/d-30");
  await shop.owner.operate({ action: "redrive-handler", handler });
  await shop.waitForStock("papaya", { received: 4 });
});

test("the detail may also be only the data: then each entry is a separate event", async () => {
  await publish({ article: "date", pieces: 4 });
  await publish({ article: "date", pieces: 4 });
  await shop.waitForStock("date", { received: 8 });
});

test("events of the same type from other sources, and other events of the warehouse, have no effect", async () => {
  await shop.owner.publish("bakery", "StockDelivered", cloudEvent("b-1", { article: "bun", pieces: 4 }));
  await shop.owner.publish("warehouse", "StockCounted", { article: "bun", pieces: 4 });
  await publish(cloudEvent("d-9", { article: "bun", pieces: 1 }));
  await shop.waitForStock("bun", { received: 1 });
  expect(await commandsIn("bun")).toEqual(["stock-deliveries/warehouse/d-9"]);
});

test("a delivery that breaks its schema is a dead letter at the first attempt, with the reason, and delays no other", async () => {
  await publish(cloudEvent("d-10", { article: "kiwi" }));
  await publish(cloudEvent("d-11", { article: "kiwi", pieces: 2 }));
  await shop.waitForStock("kiwi", { received: 2 });
  const letters = async () =>
    [(await shop.owner.operate({ action: "dead-letters", handler: "stock-deliveries" })).letters].flat();
  await shop.wait("the dead letter", async () => ((await letters()).length === 1 ? true : undefined));
  expect(await letters()).toMatchObject([
    {
      eventType: "StockDelivered",
      because: expect.stringMatching(/^untranslatable: .*d-10[\s\S]*pieces/),
      payload: expect.stringContaining("kiwi"),
    },
  ]);
  expect(shop.problems().filter((each) => each.includes("d-10"))).toHaveLength(1);
});

test("the effects of a delivery are found by the correlation id of the warehouse or by the id of the command", async () => {
  await publish({ ...cloudEvent("d-20", { article: "lime", pieces: 1 }), correlationid: "truck-7" });
  await publish(cloudEvent("d-21", { article: "lime", pieces: 1 }));
  await shop.waitForStock("lime", { received: 2 });
  for (const chain of ["truck-7", "stock-deliveries%2Fwarehouse%2Fd-21"])
    expect((await shop.trace(chain)).map(({ kind, message }) => `${kind} ${message}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^event StockDelivered warehouse\/d-2[01] → ReceiveStock$/),
        expect.stringMatching(/^command ReceiveStock inventory-lime accepted$/),
        expect.stringMatching(/^event StockReceived inventory-lime@[12]$/),
      ]),
    );
});
