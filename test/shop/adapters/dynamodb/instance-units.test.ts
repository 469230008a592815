/** The write units of the instance of a checkout by choreography, as the engine bills them. All engines must agree. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoInstances } from "../../../../lib/adapters/dynamodb/instances/instances.ts";
import { unknownInstance } from "../../../../lib/ports/instances.ts";
import { sagaLog } from "../../../../lib/runtime/sagas/saga-log.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { receiveStock } from "../../../../lib/shop/stock/inventory.ts";
import { type Engine, engine, tables } from "../../../adapters/dynamodb/engine.ts";
import { measured } from "../../../adapters/dynamodb/measured.ts";
import { placing } from "../../simulation/orders.ts";
import { shopWorld } from "../../simulation/shop-world.ts";

let started: Engine;
let calls: ReturnType<typeof measured>;
beforeAll(async () => {
  started = await engine();
  calls = measured(started.client);
});
afterAll(() => started.stop());

const uuid = "123e4567-e89b-12d3-a456-426614174000";

/** The history of a confirmed order, by update: the start, the first row, the payment, the second row. */
const updatesOf = async (lineCount: number) => {
  const shop = shopWorld("choreography", { name: "once, in order", seed: 1, copies: 1 });
  const skus = Array.from({ length: lineCount }, (_, index) => `sku-${index}`);
  for (const sku of skus) await shop.request(receiveStock({ sku, quantity: 5 }));
  const orderId = `units-${lineCount}`;
  await shop.request(
    placing(
      orderId,
      skus.map((sku) => ({ sku, quantity: 1, unitPrice: 10 })),
    ),
  );
  await shop.pass(60);
  const instance = (await shop.instances()).find(({ id }) => id === `checkout/${orderId}`);
  const events = (instance?.history ?? []).map((event) => ({
    ...event,
    metadata: { ...event.metadata, correlationId: uuid },
  }));
  const [paid] = events.flatMap(({ type }, index) => (type === "PaymentAuthorized" ? [index] : []));
  if (paid === undefined) throw new Error(`expected a payment of ${orderId}, got ${events.length} events`);
  return [events.slice(0, 1), events.slice(1, paid), events.slice(paid, paid + 1), events.slice(paid + 1)];
};

/** The other writes of an order with 25 lines take 203 units, with its key: npx tsx bench/units.ts choreography. */
test.each([
  [1, 11],
  [25, 45],
])("of an order with %i lines are at most %i", async (lineCount, most) => {
  const updates = await updatesOf(lineCount);
  const histories = sagaLog(checkout, dynamoInstances(started.client, tables.instances));
  let item = unknownInstance(`checkout/units-${lineCount}`);
  for (const events of updates) item = await histories.append(item, events);
  expect(item.listedStatus?.kind).toBe("completed");
  const all = calls();
  expect(all.map(({ operation }) => operation)).toEqual(updates.map(() => "UpdateItem"));
  const units = all.reduce((sum, call) => sum + call.units, 0);
  expect(units).toBeLessThanOrEqual(most);
  expect(units).toBeGreaterThan(0.9 * most);
});
