/**
 * Handles a returned order: refunds the money, then returns the stock. No step waits, because each is decided by
 * the stream that gets its command. Once the money is refunded, the saga only goes forward, so that no line is
 * forgotten.
 */

import { type Saga, sending } from "../../model/saga.ts";
import { reasonCode } from "../../model/sagas/reason-code.ts";
import { closeReturn, orderReturned } from "../orders/order.ts";
import { paymentVoided, voidPayment } from "../payments/payment.ts";
import { returnStock, stockReturned } from "../stock/inventory.ts";

export const restock: Saga<typeof orderReturned> = {
  name: "restock",
  startsOn: orderReturned,
  identifiedBy: ({ data }) => data.orderId,
  steps: [
    {
      name: "give-money-back",
      send: sending(voidPayment, ({ data: { orderId } }) => ({ orderId })),
      succeeds: [paymentVoided],
      fails: [],
      timeoutSeconds: 60,
      waits: false,
      pivot: true,
    },
    {
      name: "put-stock-back",
      send: sending(returnStock, ({ data: { orderId, lines } }) =>
        lines.map(({ sku, quantity }) => ({ sku, orderId, quantity })),
      ),
      succeeds: [stockReturned],
      fails: [],
      timeoutSeconds: 60,
      waits: false,
    },
  ],
  completes: sending(closeReturn, ({ data: { orderId } }) => ({ orderId })),
  abandons: sending(closeReturn, ({ data: { orderId } }, reason) => ({
    orderId,
    refused: reasonCode(reason),
  })),
};
