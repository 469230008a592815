/**
 * A data folder of an earlier version, killed during its work, continues with the current code.
 * test/shop/stored/record.ts defines the content of the folder. The tests of one folder share one process, in this
 * order.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endAll, npmStart } from "../../e2e/npm-start.ts";
import { ownerOf } from "../../e2e/owner.ts";
import { type Recording, unpacked } from "../../stored/unpacked.ts";
import { delivered, keyOf, line, orders, receipts } from "../stored/requests.ts";
import { type AuditEvent, client, orderOf } from "./client.ts";
import { waitFor } from "./shop.ts";

const startStored = async (recording: Recording, args: readonly string[]) => {
  const { data, done } = unpacked(recording);
  const run = npmStart(["--port", "0", "--data", data, "--quiet", ...args]);
  const url = await run.ready;
  return {
    ...client(url, waitFor),
    owner: await ownerOf(url),
    run,
    stop: async () => {
      run.kill("SIGTERM");
      await run.ended;
      done();
    },
  };
};

type Stored = Awaited<ReturnType<typeof startStored>>;

const statuses = {
  confirmed: "confirmed",
  declined: "cancelled",
  returned: "returned",
  approval: "awaiting-approval",
  paying: "reserved",
  parked: "confirmed",
};

const typesOf = (events: readonly AuditEvent[]) => events.map(({ type }) => type);

/** The correlation id in the first commit of a stream. */
const correlationIdOf = async ({ owner }: Stored, streamId: string): Promise<unknown> => {
  const [first] = await owner.stream(streamId);
  return JSON.parse(first?.md?.S ?? "{}").correlationId;
};

const commandsOf = async ({ owner }: Stored, streamId: string) =>
  (await owner.stream(streamId)).map(({ id }) => id?.S);

/** The arguments of `npm start` must choose the engines that recorded the folder. */
export const storedFolderGoesOn = (recording: Recording, args: readonly string[] = []): void => {
  describe(`the folder ${recording}`, () => {
    let shop: Stored;

    beforeAll(async () => {
      shop = await startStored(recording, args);
    });
    afterAll(async () => {
      await shop?.stop();
      await endAll();
    });

    test("answers with the stored orders, stock, e-mails and events", async () => {
      for (const [orderId, status] of Object.entries(statuses))
        expect(await shop.order(orderId)).toMatchObject({ orderId, status });
      await shop.waitForStock("nut", { received: 100, reserved: 0, taken: 2, available: 98 });
      expect(await shop.stock("fig")).toMatchObject({ received: 100, reserved: 11, taken: 0, available: 89 });
      expect(await shop.stock("grape")).toMatchObject({ received: 100, available: 100 });
      expect(await shop.stock("date")).toMatchObject({ received: 4, available: 4 });
      expect(await shop.stock("rotten")).toMatchObject({ received: 1 });
      expect((await shop.mails()).map(({ to }) => to)).toEqual(
        ["confirmed", "returned", "parked"].map((id) => `${id}@example.com`),
      );
      expect(typesOf(await shop.audit("confirmed"))).toEqual(["OrderPlaced", "OrderConfirmed"]);
      expect(typesOf(await shop.audit("declined"))).toEqual(["OrderPlaced", "OrderCancelled"]);
      expect(typesOf(await shop.audit("returned")).slice(0, 3)).toEqual([
        "OrderPlaced",
        "OrderConfirmed",
        "OrderReturned",
      ]);
      expect(typesOf(await shop.audit("approval"))).toEqual(["OrderPlaced", "ApprovalRequested"]);
    });

    test("lists the parked saga and the parked stream", async () => {
      const { body } = await shop.get<{ readonly items: readonly { readonly id: string }[] }>(
        "/sagas?status=parked",
      );
      expect(body.items).toMatchObject([{ saga: "checkout", id: "parked" }]);
      const { streams } = await shop.owner.operate({ action: "parked" });
      const parked = { streamId: "inventory-rotten", version: 2, error: expect.any(String) };
      expect(streams).toContainEqual(expect.objectContaining({ ...parked, consumer: "stock-level" }));
    });

    test("recognises the keys of requests that it has already answered", async () => {
      const streams = [
        ...Object.keys(orders).map((id) => `order-${id}`),
        ...receipts.map((sku) => `inventory-${sku}`),
      ];
      const commands = () => Promise.all(streams.map((streamId) => commandsOf(shop, streamId)));
      const before = await commands();
      for (const [id, order] of Object.entries(orders)) {
        const again = await shop.place(order, keyOf(id));
        const correlationId = await correlationIdOf(shop, `order-${id}`);
        expect(again).toMatchObject({ status: 202, body: { id, correlationId, version: 1 } });
      }
      for (const sku of receipts) {
        const again = await shop.receive(sku, 100);
        const correlationId = await correlationIdOf(shop, `inventory-${sku}`);
        expect(again).toMatchObject({ status: 202, body: { id: sku, correlationId, version: 1 } });
      }
      expect(await commands()).toEqual(before);
      // They are marked by now.
      expect(await shop.place(orderOf("another", line("nut")), keyOf("confirmed"))).toMatchObject({
        status: 422,
      });
      expect(await commandsOf(shop, "order-another")).toEqual([]);
    });

    test("recognises an event of another system that it has already received", async () => {
      const received = ["stock-deliveries/warehouse/d%2F1"];
      expect(await commandsOf(shop, "inventory-date")).toEqual(received);
      const publish = (id: string, pieces: number) =>
        shop.owner.publish("warehouse", "StockDelivered", delivered(id, { article: "date", pieces }));
      const inbox = async () =>
        (await shop.owner.items("inbox")).map(({ pk, state }) => [pk?.S, state?.S]).toSorted();
      await publish("d/1", 4);
      await waitFor("the event to be done", async () =>
        (await inbox())[0]?.[1] === "done" ? true : undefined,
      );
      await publish("d/1", 4);
      await publish("d/3", 1);
      await shop.waitForStock("date", { received: 5 });
      const after = await commandsOf(shop, "inventory-date");
      expect(after).toEqual([...received, "stock-deliveries/warehouse/d%2F3"]);
      await waitFor("both events to be done", async () =>
        (await inbox()).filter(([, state]) => state === "done").length === 2 ? true : undefined,
      );
    });

    test("makes the event that breaks its schema a dead letter with its reason at the next attempt", async () => {
      const letters = async () =>
        [(await shop.owner.operate({ action: "dead-letters", handler: "stock-deliveries" })).letters].flat();
      await waitFor("the dead letter", async () => ((await letters()).length > 0 ? true : undefined));
      expect(await letters()).toMatchObject([
        {
          eventType: "StockDelivered",
          because: expect.stringMatching(/^untranslatable: .*d\/2[\s\S]*pieces/),
          payload: expect.stringContaining('"d/2"'),
        },
      ]);
    });

    test("continues an order that waits for approval", async () => {
      expect(await shop.post("/orders/approval/approval", { approved: true })).toMatchObject({ status: 202 });
      await shop.waitForOrder("approval", "confirmed");
      expect(await shop.waitForSaga("approval")).toMatchObject({ status: "completed" });
      await shop.waitForStock("fig", { reserved: 1, taken: 10 });
      await waitFor("its e-mail", async () =>
        (await shop.mailsTo("approval")).length > 0 ? true : undefined,
      );
    });

    test("keeps the timeout of a payment without an answer", async () => {
      await shop.advance(901);
      expect(await shop.waitForSaga("paying")).toMatchObject({ status: "compensated" });
      await shop.waitForOrder("paying", "cancelled");
      await shop.waitForStock("fig", { reserved: 0, taken: 10, available: 90 });
    });

    test("resumes the parked saga", async () => {
      const resume = { action: "resume", sagaId: "checkout/parked", how: "skip" };
      expect(await shop.owner.operate(resume)).toMatchObject({ kind: "resumed" });
      await waitFor("the checkout to complete", async () =>
        (await shop.saga("parked"))?.status === "completed" ? true : undefined,
      );
    });

    test("redrives the parked stream once its event is readable", async () => {
      const [, second] = await shop.owner.stream("inventory-rotten");
      const ev = { S: JSON.stringify([["StockReceived", { sku: "rotten", quantity: 5 }]]) };
      await shop.owner.put("events", { ...second, ev });
      const redrive = { action: "redrive", projection: "stock-level", streamId: "inventory-rotten" };
      expect(await shop.owner.operate(redrive)).toEqual({ kind: "redriven" });
      await shop.waitForStock("rotten", { received: 6 });
      // The relay does not publish an event that does not fit its schema.
      const republish = { action: "republish", streamId: "inventory-rotten", after: 0 };
      expect(await shop.owner.operate(republish)).toMatchObject({ kind: "republished" });
      expect(await shop.owner.operate({ action: "parked" })).toMatchObject({ streams: [] });
    });

    test("accepts new orders", async () => {
      expect(await shop.place(orderOf("new", line("nut")))).toMatchObject({ status: 202 });
      await shop.waitForOrder("new", "confirmed");
      expect(await shop.waitForSaga("new")).toMatchObject({ status: "completed" });
    });

    test("has sent one e-mail for each confirmed order, and reported no error of its own", async () => {
      const mails = async () =>
        (await shop.mails()).map(({ to }) => to.replace("@example.com", "")).toSorted();
      await waitFor("the last e-mail", async () => ((await mails()).includes("new") ? true : undefined));
      expect(await mails()).toEqual(["approval", "confirmed", "new", "parked", "returned"]);
      expect(shop.run.said.stderr).toMatch(
        /^\S+ does not say which version of the application last ran on it.*\n$/,
      );
    });
  });
};
