/** Orders: placed once, then confirmed or cancelled, never both. */
import * as z from "zod";
import { type Decider, reject } from "../model/decider.ts";
import { command, event } from "../model/reference.ts";
import { amount } from "./amount.ts";
import { identifier, orderId } from "./identifier.ts";
import { orderLine, orderLines, totalOf } from "./order-line.ts";
import { shipTo } from "./ship-to.ts";
import { text } from "./text.ts";

const customer = z.object({
  id: identifier.meta({ examples: ["VINET"] }),
  name: text(200).meta({ examples: ["Ada Lovelace"] }),
  email: z.email().max(254),
});
const recipient = customer.pick({ name: true, email: true });
/** The customer's date, where it differs from the moment in which the order was recorded. */
const orderedAt = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], "must be an ISO 8601 date or date-time")
  .optional();
const paymentMethod = text(200).meta({ examples: ["pm_card_visa"] });
/** The words of a customer, or the code of what went wrong. */
const reason = text(500).meta({ examples: ["I changed my mind"] });

const commands = {
  PlaceOrder: z.object({
    orderId,
    orderedAt,
    customer,
    shipTo,
    paymentMethod,
    lines: orderLines,
  }),
  ConfirmOrder: z.object({ orderId }),
  CancelOrder: z.object({ orderId, reason }),
};

const events = {
  OrderPlaced: z.object({
    orderId,
    orderedAt,
    customer,
    shipTo,
    paymentMethod,
    lines: z.array(orderLine),
    total: amount,
  }),
  OrderConfirmed: z.object({ orderId, customer: recipient, total: amount }),
  OrderCancelled: z.object({ orderId, reason }),
};

const rejections = ["unknown-order", "already-placed", "already-confirmed", "already-cancelled"] as const;

type State =
  | { readonly status: "new" | "confirmed" | "cancelled" }
  | { readonly status: "placed"; readonly customer: z.output<typeof recipient>; readonly total: number };

const unknown = reject("unknown-order", "there is no such order");

export const order: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "order",
  identifiedBy: "orderId",
  commands,
  events,
  rejections,
  initialState: { status: "new" },
  decide: {
    PlaceOrder: ({ data }, { status }) =>
      status === "new"
        ? [{ type: "OrderPlaced", data: { ...data, total: totalOf(data.lines) } }]
        : reject("already-placed", "an order is placed once"),
    // The checkout's point of no return: here it and a customer's cancellation exclude each other.
    ConfirmOrder: ({ data: { orderId } }, state) => {
      if (state.status === "placed") {
        const { customer, total } = state;
        return [{ type: "OrderConfirmed", data: { orderId, customer, total } }];
      }
      if (state.status === "confirmed") return [];
      return state.status === "new"
        ? unknown
        : reject("already-cancelled", "a cancelled order stays cancelled");
    },
    // A second cancellation changes nothing: the first reason stands.
    CancelOrder: ({ data }, { status }) => {
      if (status === "new") return unknown;
      if (status === "confirmed") return reject("already-confirmed", "a confirmed order is on its way");
      return status === "placed" ? [{ type: "OrderCancelled", data }] : [];
    },
  },
  evolve: {
    OrderPlaced: (_, { data: { customer, total } }) => ({
      status: "placed",
      customer: { name: customer.name, email: customer.email },
      total,
    }),
    OrderConfirmed: () => ({ status: "confirmed" }),
    OrderCancelled: () => ({ status: "cancelled" }),
  },
};

export const orderPlaced = event(order, "OrderPlaced");
export const orderConfirmed = event(order, "OrderConfirmed");
export const placeOrder = command(order, "PlaceOrder");
export const confirmOrder = command(order, "ConfirmOrder");
export const cancelOrder = command(order, "CancelOrder");
