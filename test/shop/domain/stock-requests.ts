/** All commands of an inventory, in any order, for three orders. */
import * as fc from "fast-check";
import type { Message } from "../../../lib/model/message.ts";

const orderId = fc.constantFrom("1", "2", "3");
const quantity = fc.integer({ min: 1, max: 5 });

const request = (sku: string): fc.Arbitrary<Message> =>
  fc.oneof(
    fc.record({ sku: fc.constant(sku), quantity }).map((data) => ({ type: "ReceiveStock", data })),
    fc.record({ sku: fc.constant(sku), orderId, quantity }).map((data) => ({ type: "ReserveStock", data })),
    fc.record({ sku: fc.constant(sku), orderId }).map((data) => ({ type: "ReleaseStock", data })),
    fc.record({ sku: fc.constant(sku), orderId }).map((data) => ({ type: "TakeStock", data })),
    fc.record({ sku: fc.constant(sku), orderId, quantity }).map((data) => ({ type: "ReturnStock", data })),
  );

export const requests = (sku: string): fc.Arbitrary<readonly Message[]> => fc.array(request(sku));
