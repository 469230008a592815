/**
 * From a placed order to a confirmed order: reserve the stock, have a large order approved, authorize the payment,
 * arrange the shipment, confirm. Before the order is confirmed, failures undo the steps in reverse order. A
 * cancellation by the customer ends the wait for approval; later it is noticed when the order would be confirmed.
 */

import { fromOutside, type Reason, type Saga, sending } from "../../model/saga.ts";
import { reasonCode } from "../../model/sagas/reason-code.ts";
import { approvalSeconds } from "../orders/approval.ts";
import {
  cancelOrder,
  confirmOrder,
  lapseApproval,
  orderApproved,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderRefused,
  requestApproval,
} from "../orders/order.ts";
import { paymentAuthorized, paymentDeclined, requestPayment, voidPayment } from "../payments/payment.ts";
import { arrangeShipment, cancelShipment, shipmentArranged } from "../shipping/shipment.ts";
import { releaseStock, reserveStock, stockReserved, takeStock } from "../stock/inventory.ts";

/** The reason that the customer reads. */
const wordsOf = (reason: Reason): string => (reason.step === "approve" ? "not-approved" : reasonCode(reason));

const ofOrder = ({ data }: { readonly data: { readonly orderId: string } }): string => data.orderId;

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
      waits: false,
      undo: sending(releaseStock, ({ data: { orderId, lines } }) =>
        lines.map(({ sku }) => ({ sku, orderId })),
      ),
    },
    // A person approves only an order whose stock is reserved, and before any money is held.
    {
      name: "approve",
      onlyIf: ({ data: { needsApproval } }) => needsApproval === true,
      send: sending(requestApproval, ({ data: { orderId } }) => ({ orderId })),
      succeeds: [fromOutside(orderApproved, ofOrder)],
      fails: [fromOutside(orderRefused, ofOrder), fromOutside(orderCancelled, ofOrder)],
      timeoutSeconds: approvalSeconds,
      undo: sending(lapseApproval, ({ data: { orderId } }) => ({ orderId })),
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
      waits: false,
      undo: sending(cancelShipment, ({ data: { orderId } }) => ({ orderId })),
    },
    {
      name: "confirm-order",
      send: sending(confirmOrder, ({ data: { orderId } }) => ({ orderId })),
      succeeds: [orderConfirmed],
      fails: [],
      timeoutSeconds: 60,
      waits: false,
      pivot: true,
    },
  ],
  completes: sending(takeStock, ({ data: { orderId, lines } }) => lines.map(({ sku }) => ({ sku, orderId }))),
  // If the customer has cancelled the order, this changes nothing, so the customer's reason stays.
  abandons: sending(cancelOrder, ({ data: { orderId } }, reason) => ({ orderId, reason: wordsOf(reason) })),
};
