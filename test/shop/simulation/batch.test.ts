/** A saga whose outcomes start other sagas, all under one correlation id. */
import { expect, test } from "vitest";
import * as z from "zod";
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { Decider } from "../../../lib/model/decider.ts";
import { command, event } from "../../../lib/model/reference.ts";
import { type Saga, sending } from "../../../lib/model/saga.ts";
import { validate } from "../../../lib/model/validation/validate.ts";
import { orderPlaced, placeOrder } from "../../../lib/shop/orders/order.ts";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { type ShopServices, shop } from "../../../lib/shop/shop.ts";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { problemsOf } from "../../simulation/checkers.ts";
import { deliveries, told } from "../../simulation/delivery.ts";
import { engines } from "../../simulation/engines.ts";
import { orderOf } from "./orders.ts";
import { shopWorld } from "./shop-world.ts";

const batchId = z.string().min(1);
const commands = {
  UploadBatch: z.object({ batchId, orders: z.array(placeOrder.schema) }),
  CloseBatch: z.object({ batchId, result: z.enum(["placed", "failed"]) }),
};
const events = { BatchUploaded: commands.UploadBatch, BatchClosed: commands.CloseBatch };

const batch: Decider<undefined, typeof commands, typeof events, readonly []> = {
  name: "batch",
  identifiedBy: "batchId",
  commands,
  events,
  rejections: [],
  initialState: undefined,
  decide: {
    UploadBatch: ({ data }) => [{ type: "BatchUploaded", data }],
    CloseBatch: ({ data }) => [{ type: "BatchClosed", data }],
  },
  evolve: { BatchUploaded: () => undefined, BatchClosed: () => undefined },
};

const batchUploaded = event(batch, "BatchUploaded");
const closeBatch = command(batch, "CloseBatch");

const importing: Saga<typeof batchUploaded> = {
  name: "importing",
  startsOn: batchUploaded,
  identifiedBy: ({ data }) => data.batchId,
  steps: [
    {
      name: "place-orders",
      send: sending(placeOrder, ({ data }) => data.orders),
      succeeds: [orderPlaced],
      fails: [],
      timeoutSeconds: 60,
    },
  ],
  completes: sending(closeBatch, ({ data: { batchId } }) => ({ batchId, result: "placed" as const })),
  abandons: sending(closeBatch, ({ data: { batchId } }) => ({ batchId, result: "failed" as const })),
};

const application: AnyApplication<ShopServices> = {
  ...shop,
  deciders: [...shop.deciders, batch],
  sagas: [...shop.sagas, importing],
};

const order = (orderId: string, sku: string) => orderOf(orderId, [{ sku, quantity: 1, unitPrice: 50 }]);

test("the application with batches has no problems", () => expect(validate(application)).toEqual([]));

test.each(engines)("one correlation id, many sagas: %s", async (_, makeEngine) => {
  for (const delivery of deliveries)
    await told(delivery, async () => {
      const store = shopWorld(makeEngine, delivery, { application });
      store.broken.add("checkout/3/reserve-stock");
      await store.request(receiveStock({ sku: "apple", quantity: 5 }));
      const orders = [order("1", "apple"), order("2", "pear"), order("3", "apple")];
      await store.request(command(batch, "UploadBatch")({ batchId: "7", orders }));
      await store.settle("1", "2", "3");
      expect((await store.statusOf(importing, "7"))?.kind).toBe("completed");
      const ends = await Promise.all(["1", "2", "3"].map((orderId) => store.statusOf(checkout, orderId)));
      expect(ends.map((end) => end?.kind)).toEqual(["completed", "compensated", "compensated"]);
      expect((await store.stock("apple"))?.available).toBe(4);
      expect(["1", "2", "3"].map(store.held)).toEqual([50, 0, 0]);
      expect(store.mails().length).toBe(1);
      const history = (await store.instances()).flatMap((item) => item.history);
      expect(new Set(history.map(({ metadata }) => metadata.correlationId)).size).toBe(1);
      expect(await problemsOf(store)).toEqual([]);
    });
});
