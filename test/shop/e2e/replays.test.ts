/** A replay of the bus's archive restores lost rows of read models, and reaches no other consumer. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

const calls = z.object({ calls: z.array(z.object({ action: z.string(), resource: z.string() })) });

/** The queues that got a message since the counts were reset. */
const queuesReached = async (): Promise<readonly string[]> => {
  const { body } = await shop.get("/_local/calls");
  const sends = calls.parse(body).calls.filter(({ action }) => action === "sqs:SendMessage");
  return [...new Set(sends.map(({ resource }) => resource.split(":").at(-1) ?? ""))];
};

test("it restores lost rows, sends no second e-mail, charges no card and moves no saga", async () => {
  await shop.receive("apple", 5);
  await shop.place(orderOf("kept", [{ sku: "apple", quantity: 2, unitPrice: 7 }]));
  await shop.waitForSaga("kept");
  await shop.wait("an e-mail", async () => (await shop.mailsTo("kept"))[0]);
  const [order, stock] = [
    await shop.waitForOrder("kept", "confirmed"),
    await shop.waitForStock("apple", { taken: 2 }),
  ];
  const [payments, instances, events] = [
    await shop.owner.items("payments"),
    await shop.owner.items("instances"),
    await shop.owner.countEvents(),
  ];

  await shop.owner.remove("orders", "kept");
  await shop.owner.remove("stock", "apple");
  expect((await shop.get("/orders/kept")).status).toBe(404);
  await shop.request("/_local/calls", { method: "DELETE" });
  await shop.owner.replay("lost-rows");

  expect(await shop.waitForOrder("kept", "confirmed")).toEqual(order);
  expect(await shop.waitForStock("apple", { taken: 2 })).toEqual(stock);
  await shop.wait("the end of the replay", async () =>
    (await shop.owner.replayState("lost-rows")) === "COMPLETED" ? true : undefined,
  );
  expect(await queuesReached()).toEqual([shop.owner.nameOf("AWS::SQS::Queue", "AppRepairQueue")]);
  expect(await shop.mailsTo("kept")).toHaveLength(1);
  expect(await shop.owner.items("payments")).toEqual(payments);
  expect(await shop.owner.items("instances")).toEqual(instances);
  expect(await shop.owner.countEvents()).toBe(events);
});
