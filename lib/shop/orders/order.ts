/**
 * Orders. An order is placed once, and then confirmed or cancelled, never both. When it is placed, it is recorded
 * whether it needs approval; without the approval it cannot be confirmed. A confirmed order can be returned once,
 * as a whole.
 */
import * as z from "zod";
import { type Decider, reject } from "../../model/decider.ts";
import { fact } from "../../model/http/fact.ts";
import { command, event } from "../../model/reference.ts";
import { amount } from "../values/amount.ts";
import { emailAddress, recordedEmailAddress } from "../values/email-address.ts";
import { identifier, orderId } from "../values/identifier.ts";
import { text } from "../values/text.ts";
import { isOverLimit } from "./approval.ts";
import { orderLine, orderLines, totalOf } from "./order-line.ts";
import { shipTo } from "./ship-to.ts";

const customer = z.object({
  id: identifier.meta({ examples: ["VINET"] }),
  name: text(200).meta({ examples: ["Ada Lovelace"] }),
  email: emailAddress,
});
const recorded = customer.extend({ email: recordedEmailAddress });
const recipient = recorded.pick({ name: true, email: true });
/** The customer's date, if it differs from the time at which the order is recorded. */
const orderedAt = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], "must be an ISO 8601 date or date-time")
  .optional();
const paymentMethod = text(200).meta({ examples: ["pm_card_visa"] });
/** The words of the customer, or the code of the failure. */
const reason = text(500).meta({ examples: ["I changed my mind"] });

/** Who decided, as free text. */
const by = text(200)
  .meta({ examples: ["Grace Hopper"] })
  .optional();

/** Why a return was refused. Absent if it was accepted. */
const refused = reason.optional();
const article = orderLine.pick({ sku: true, quantity: true });

const commands = {
  PlaceOrder: z.object({
    orderId,
    orderedAt,
    customer,
    shipTo,
    paymentMethod,
    lines: orderLines,
  }),
  RequestApproval: z.object({ orderId }),
  AnswerApproval: z.object({ orderId, approved: z.boolean(), by }),
  LapseApproval: z.object({ orderId }),
  ConfirmOrder: z.object({ orderId }),
  CancelOrder: z.object({ orderId, reason }),
  ReturnOrder: z.object({ orderId, reason }),
  CloseReturn: z.object({ orderId, refused }),
};

const events = {
  OrderPlaced: z.object({
    orderId,
    orderedAt,
    customer: recorded,
    shipTo,
    paymentMethod,
    lines: z.array(orderLine),
    total: amount,
    /** According to the limit at that time. */
    needsApproval: z.literal(true).optional(),
  }),
  ApprovalRequested: z.object({ orderId, total: amount }),
  OrderApproved: z.object({ orderId, by }),
  OrderRefused: z.object({ orderId, by }),
  ApprovalLapsed: z.object({ orderId }),
  OrderConfirmed: z.object({ orderId, customer: recipient, total: amount }),
  OrderCancelled: z.object({ orderId, reason }),
  OrderReturned: z.object({ orderId, reason, lines: z.array(article) }),
  ReturnClosed: z.object({ orderId, refused }),
};

const rejections = [
  "unknown-order",
  "already-placed",
  "already-confirmed",
  "already-cancelled",
  "approval-not-requested",
  "already-decided",
  "not-approved",
  "not-confirmed",
  "already-returned",
  "not-returned",
] as const;

/** The customer is known in every status, because routes ask whose order it is. */
type Order = { readonly customerId?: string | undefined };

type Open = Order & {
  readonly status: "placed" | "awaiting-approval" | "approved" | "not-approved";
  readonly customer: z.output<typeof recipient>;
  readonly total: number;
  readonly needsApproval: boolean;
  readonly articles: readonly z.output<typeof article>[];
};
type State =
  | (Order & { readonly status: "new" | "cancelled" | "returned" | "return-closed" })
  | (Order & { readonly status: "confirmed"; readonly articles: Open["articles"] })
  | Open;

const isOpen = (state: State): state is Open => "total" in state;

/** Why an order that is not open does not change. */
const closed = {
  new: reject("unknown-order", "there is no such order"),
  confirmed: reject("already-confirmed", "a confirmed order is on its way"),
  cancelled: reject("already-cancelled", "a cancelled order stays cancelled"),
  returned: reject("already-returned", "a returned order stays returned"),
  "return-closed": reject("already-returned", "the return of this order is closed"),
} as const;

/** An approval changes only an open order. */
const withStatus = (state: State, status: Open["status"]): State =>
  isOpen(state) ? { ...state, status } : state;

export const order: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "order",
  identifiedBy: "orderId",
  commands,
  events,
  rejections,
  rejectionKinds: { "unknown-order": "not-found" },
  initialState: { status: "new" },
  begins: ["PlaceOrder"],
  decide: {
    PlaceOrder: ({ data }, { status }) => {
      if (status !== "new") return reject("already-placed", "this order was already placed");
      const total = totalOf(data.lines);
      const placed = { ...data, total };
      return [
        { type: "OrderPlaced", data: isOverLimit(total) ? { ...placed, needsApproval: true } : placed },
      ];
    },
    RequestApproval: ({ data: { orderId } }, state) => {
      if (!isOpen(state)) return closed[state.status];
      const { status, total } = state;
      return status === "placed" ? [{ type: "ApprovalRequested", data: { orderId, total } }] : [];
    },
    // The first answer is final. The same answer again changes nothing.
    AnswerApproval: ({ data: { approved, ...decision } }, state) => {
      if (!isOpen(state)) return closed[state.status];
      const { status } = state;
      if (status === "placed")
        return reject("approval-not-requested", "no approval was requested for this order");
      if (status === (approved ? "approved" : "not-approved")) return [];
      if (status !== "awaiting-approval") return reject("already-decided", `it is ${status}`);
      return approved
        ? [{ type: "OrderApproved", data: decision }]
        : [{ type: "OrderRefused", data: decision }];
    },
    LapseApproval: ({ data }, { status }) =>
      status === "awaiting-approval" ? [{ type: "ApprovalLapsed", data }] : [],
    // The pivot of the checkout: either this command or a customer's cancellation comes first and excludes the
    // other.
    ConfirmOrder: ({ data: { orderId } }, state) => {
      if (state.status === "confirmed") return [];
      if (!isOpen(state)) return closed[state.status];
      const { status, customer, total, needsApproval } = state;
      if (status !== "approved" && (status !== "placed" || needsApproval))
        return reject("not-approved", "this order needs an approval and has none");
      return [{ type: "OrderConfirmed", data: { orderId, customer, total } }];
    },
    // A second cancellation changes nothing, so the first reason stays.
    CancelOrder: ({ data }, state) => {
      if (isOpen(state)) return [{ type: "OrderCancelled", data }];
      return state.status === "cancelled" ? [] : closed[state.status];
    },
    // A second return changes nothing, so the first reason stays.
    ReturnOrder: ({ data }, state) => {
      if (isOpen(state)) return reject("not-confirmed", "only a confirmed order can be returned");
      if (state.status === "returned") return [];
      if (state.status !== "confirmed") return closed[state.status];
      return [{ type: "OrderReturned", data: { ...data, lines: [...state.articles] } }];
    },
    CloseReturn: ({ data }, { status }) => {
      if (status === "return-closed") return [];
      return status === "returned"
        ? [{ type: "ReturnClosed", data }]
        : reject("not-returned", "this order was not returned");
    },
  },
  evolve: {
    OrderPlaced: (_, { data: { customer, total, lines, needsApproval = false } }) => ({
      status: "placed",
      customerId: customer.id,
      customer: { name: customer.name, email: customer.email },
      total,
      needsApproval,
      articles: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    }),
    ApprovalRequested: (state) => withStatus(state, "awaiting-approval"),
    OrderApproved: (state) => withStatus(state, "approved"),
    OrderRefused: (state) => withStatus(state, "not-approved"),
    ApprovalLapsed: (state) => withStatus(state, "not-approved"),
    OrderConfirmed: (state) => ({
      status: "confirmed",
      customerId: state.customerId,
      articles: "articles" in state ? state.articles : [],
    }),
    OrderCancelled: ({ customerId }) => ({ status: "cancelled", customerId }),
    OrderReturned: ({ customerId }) => ({ status: "returned", customerId }),
    ReturnClosed: ({ customerId }) => ({ status: "return-closed", customerId }),
  },
};

/** The id of the customer who placed the order. */
export const customerOf = fact(order, ({ customerId }) => customerId);

export const orderPlaced = event(order, "OrderPlaced");
export const orderApproved = event(order, "OrderApproved");
export const orderRefused = event(order, "OrderRefused");
export const orderCancelled = event(order, "OrderCancelled");
export const orderConfirmed = event(order, "OrderConfirmed");
export const orderReturned = event(order, "OrderReturned");
export const placeOrder = command(order, "PlaceOrder");
export const requestApproval = command(order, "RequestApproval");
export const answerApproval = command(order, "AnswerApproval");
export const lapseApproval = command(order, "LapseApproval");
export const confirmOrder = command(order, "ConfirmOrder");
export const cancelOrder = command(order, "CancelOrder");
export const returnOrder = command(order, "ReturnOrder");
export const closeReturn = command(order, "CloseReturn");
