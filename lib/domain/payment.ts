/** The payment of one order: requested, then authorized or declined by the provider, or called off. */
import * as z from "zod";
import { type Decider, reject } from "../model/decider.ts";
import { command, event } from "../model/reference.ts";
import { amount, orderId, text } from "./fields.ts";

/** The provider's reference of money held for us. */
const authorization = z.string().min(1).max(200);
const because = z.string().max(1000);

const commands = {
  RequestPayment: z.object({ orderId, amount, paymentMethod: text }),
  RecordAuthorization: z.object({ orderId, authorization }),
  RecordDecline: z.object({ orderId, because }),
  VoidPayment: z.object({ orderId }),
};

const events = {
  PaymentRequested: commands.RequestPayment,
  PaymentAuthorized: commands.RecordAuthorization,
  PaymentDeclined: commands.RecordDecline,
  /** Without an authorization nothing is known to be held, but an answer may have been lost. */
  PaymentVoided: z.object({ orderId, authorization: authorization.optional() }),
};

const rejections = ["not-requested", "voided"] as const;

type State =
  | { readonly status: "none" | "requested" | "declined" | "voided" }
  | { readonly status: "authorized"; readonly authorization: string };

const notRequested = reject("not-requested", "nobody asked for this payment");

export const payment: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "payment",
  identifiedBy: "orderId",
  commands,
  events,
  rejections,
  initialState: { status: "none" },
  decide: {
    RequestPayment: ({ data }, { status }) => {
      if (status === "voided") return reject("voided", "this payment was called off");
      return status === "none" ? [{ type: "PaymentRequested", data }] : [];
    },
    RecordAuthorization: ({ data }, { status }) => {
      if (status === "none") return notRequested;
      if (status === "requested") return [{ type: "PaymentAuthorized", data }];
      // The money is held although nobody waits for it any more: void it, or it stays held.
      return status === "voided" ? [{ type: "PaymentVoided", data }] : [];
    },
    RecordDecline: ({ data }, { status }) => {
      if (status === "none") return notRequested;
      return status === "requested" ? [{ type: "PaymentDeclined", data }] : [];
    },
    VoidPayment: ({ data: { orderId } }, state) => {
      switch (state.status) {
        case "requested":
          return [{ type: "PaymentVoided", data: { orderId } }];
        case "authorized":
          return [{ type: "PaymentVoided", data: { orderId, authorization: state.authorization } }];
        default:
          return [];
      }
    },
  },
  evolve: {
    PaymentRequested: () => ({ status: "requested" }),
    PaymentAuthorized: (_, { data: { authorization } }) => ({ status: "authorized", authorization }),
    PaymentDeclined: () => ({ status: "declined" }),
    PaymentVoided: () => ({ status: "voided" }),
  },
};

/**
 * The key by which the provider knows this payment, when it is asked for and when it is released: an order has
 * one payment, so an authorization whose answer was lost is found by it too.
 */
export const paymentKey = (orderId: string): string => `payment-${orderId}`;

export const paymentRequested = event(payment, "PaymentRequested");
export const paymentAuthorized = event(payment, "PaymentAuthorized");
export const paymentDeclined = event(payment, "PaymentDeclined");
export const paymentVoided = event(payment, "PaymentVoided");
export const requestPayment = command(payment, "RequestPayment");
export const recordAuthorization = command(payment, "RecordAuthorization");
export const recordDecline = command(payment, "RecordDecline");
export const voidPayment = command(payment, "VoidPayment");
