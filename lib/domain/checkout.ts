/**
 * From a placed order to a confirmed one: reserve, pay, ship, confirm; undone in reverse before the order is
 * confirmed. A cancellation by the customer is noticed when the order would be confirmed.
 */
import { type Reason, type Saga, sending } from "../model/saga.ts";
import { releaseStock, reserveStock, stockReserved, takeStock } from "./inventory.ts";
import { cancelOrder, confirmOrder, orderConfirmed, orderPlaced } from "./order.ts";
import { paymentAuthorized, paymentDeclined, requestPayment, voidPayment } from "./payment.ts";
import { arrangeShipment, cancelShipment, shipmentArranged } from "./shipment.ts";

/** What a cancelled order tells its customer. */
const wordsOf = (reason: Reason): string => {
  switch (reason.kind) {
    case "rejected":
      return reason.code;
    case "failed":
      return reason.event;
    case "timed-out":
      return `timed-out:${reason.step}`;
  }
};

export const checkout: Saga<typeof orderPlaced> = {
  name: "checkout",
  startsOn: orderPlaced,
  identifiedBy: ({ data }) => data.orderId,
  steps: [
    {
      name: "reserve-stock",
      send: sending(reserveStock, ({ data: { orderId, lines } }) =>
        lines.map(({ sku, quantity }) => ({ sku, orderId, quantity })),
      ),
      succeeds: [stockReserved],
      fails: [],
      timeoutSeconds: 60,
      undo: sending(releaseStock, ({ data: { orderId, lines } }) =>
        lines.map(({ sku }) => ({ sku, orderId })),
      ),
    },
    {
      name: "authorize-payment",
      send: sending(requestPayment, ({ data: { orderId, total, paymentMethod } }) => ({
        orderId,
        amount: total,
        paymentMethod,
      })),
      succeeds: [paymentAuthorized],
      fails: [paymentDeclined],
      timeoutSeconds: 900,
      undo: sending(voidPayment, ({ data: { orderId } }) => ({ orderId })),
    },
    {
      name: "arrange-shipment",
      send: sending(arrangeShipment, ({ data: { orderId, shipTo, lines } }, outcomes) => ({
        orderId,
        shipTo,
        parcels: lines.map(({ sku, quantity }) => ({ sku, quantity })),
        authorization: outcomes.one(paymentAuthorized).data.authorization,
      })),
      succeeds: [shipmentArranged],
      fails: [],
      timeoutSeconds: 60,
      undo: sending(cancelShipment, ({ data: { orderId } }) => ({ orderId })),
    },
    {
      name: "confirm-order",
      send: sending(confirmOrder, ({ data: { orderId } }) => ({ orderId })),
      succeeds: [orderConfirmed],
      fails: [],
      timeoutSeconds: 60,
      pivot: true,
    },
  ],
  completes: sending(takeStock, ({ data: { orderId, lines } }) => lines.map(({ sku }) => ({ sku, orderId }))),
  // Of an order that its customer has cancelled nothing is left to cancel: the customer's words stay.
  abandons: sending(cancelOrder, ({ data: { orderId } }, reason) => ({ orderId, reason: wordsOf(reason) })),
};
