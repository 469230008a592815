/** An order: placed once, then confirmed or cancelled, for good. */
import * as z from "zod";
import { type Decider, reject } from "../model/decider.ts";
import { command, event } from "../model/reference.ts";
import { address, amount, customerId, lines, orderId, text, totalOf } from "./fields.ts";

const customer = z.object({ id: customerId, name: text, email: z.email().max(254) });
const orderedAt = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional();
const paymentMethod = text;
const recipient = customer.pick({ name: true, email: true });

const commands = {
  PlaceOrder: z.object({ orderId, orderedAt, customer, shipTo: address, paymentMethod, lines }),
  ConfirmOrder: z.object({ orderId }),
  CancelOrder: z.object({ orderId, reason: text }),
};

const events = {
  OrderPlaced: commands.PlaceOrder.extend({ total: amount }),
  OrderConfirmed: z.object({ orderId, customer: recipient, total: amount }),
  OrderCancelled: z.object({ orderId, reason: text }),
};

const rejections = ["already-placed", "unknown-order", "already-confirmed", "cancelled"] as const;

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
    PlaceOrder: ({ data }, { status }) => {
      if (status !== "new") return reject("already-placed", "an order is placed once");
      return [{ type: "OrderPlaced", data: { ...data, total: totalOf(data.lines) } }];
    },
    ConfirmOrder: ({ data: { orderId } }, state) => {
      if (state.status === "new") return unknown;
      if (state.status === "confirmed") return [];
      if (state.status === "cancelled") return reject("cancelled", "the order was cancelled");
      const { customer, total } = state;
      return [{ type: "OrderConfirmed", data: { orderId, customer, total } }];
    },
    CancelOrder: ({ data }, { status }) => {
      if (status === "new") return unknown;
      if (status === "cancelled") return [];
      if (status === "confirmed") return reject("already-confirmed", "the order is confirmed");
      return [{ type: "OrderCancelled", data }];
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
