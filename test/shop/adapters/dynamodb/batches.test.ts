/** The cost of batches: the rows of an order are written once per batch of its commits. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoReadModels } from "../../../../lib/adapters/dynamodb/read-models/read-models.ts";
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../../../lib/adapters/memory/parked.ts";
import type { Commit } from "../../../../lib/ports/event-store.ts";
import { projector } from "../../../../lib/runtime/projections/project.ts";
import { counts } from "../../../../lib/shop/costs/counts.ts";
import { orderSummary } from "../../../../lib/shop/orders/order-summary.ts";
import { commit } from "../../../../lib/testing/contracts/samples/commit.ts";
import { type Engine, engine, tables } from "../../../adapters/dynamodb/engine.ts";
import { type Call, measured } from "../../../adapters/dynamodb/measured.ts";
import { placeable, total } from "../../domain/orders.ts";

let started: Engine;
let calls: () => readonly Call[];

beforeAll(async () => {
  started = await engine([orderSummary]);
  calls = measured(started.client);
});
afterAll(() => started.stop());

/** The commits of a checkout that the row of its order follows. One task stores the last two, on every engine. */
const commitsOf = (orderId: string) => {
  const one = (streamId: Commit["streamId"], version: number, type: string, data: object = {}) =>
    commit(streamId, version, { events: [{ type, data: { orderId, ...data } }] });
  const { paymentMethod, shipTo } = placeable;
  const { id, name, email } = placeable.customer;
  return {
    placed: one(`order-${orderId}`, 1, "OrderPlaced", { ...placeable, orderId, total }),
    requested: one(`payment-${orderId}`, 1, "PaymentRequested", {
      paymentKey: id,
      amount: total,
      paymentMethod,
    }),
    authorized: one(`payment-${orderId}`, 2, "PaymentAuthorized", { authorization: "auth-1" }),
    arranged: one(`shipment-${orderId}`, 1, "ShipmentArranged", {
      shipTo,
      parcels: [{ sku: "nw-11", quantity: 12 }],
      authorization: "auth-1",
    }),
    confirmed: one(`order-${orderId}`, 2, "OrderConfirmed", { customer: { name, email }, total }),
  };
};

const writeUnitsIn = async (batches: readonly (readonly Commit[])[]): Promise<number> => {
  const project = projector([orderSummary], {
    store: memoryEventStore(),
    readModels: dynamoReadModels(started.client, [orderSummary], tables.readModel),
    parked: memoryParked(),
    clock: () => new Date(0),
    log: memoryLog(),
  });
  calls();
  for (const batch of batches)
    expect(await project(batch.map((each) => ({ id: each.id, kind: "commit", commit: each })))).toEqual([]);
  return calls()
    .filter(({ operation }) => operation === "PutItem")
    .reduce((sum, { units }) => sum + units, 0);
};

test("the commits of one task cost more in separate batches, as the table of costs says", async () => {
  const { placed, requested, authorized, arranged, confirmed } = commitsOf("apart");
  const apart = await writeUnitsIn([[placed], [requested], [authorized], [arranged], [confirmed]]);
  const other = commitsOf("together");
  const together = await writeUnitsIn([
    [other.placed],
    [other.requested],
    [other.authorized],
    [other.arranged, other.confirmed],
  ]);
  for (const { writeUnitsApart } of Object.values(counts)) expect(apart - together).toBe(writeUnitsApart);
});
