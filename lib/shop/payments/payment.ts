/**
 * The payment of an order. The first answer of the provider is final. Money that the provider holds although it is
 * no longer needed is released, even if this becomes known late.
 */
import * as z from "zod";
import { type Decider, reject } from "../../model/decider.ts";
import { command, event } from "../../model/reference.ts";
import { amount } from "../values/amount.ts";
import { orderId } from "../values/identifier.ts";
import { text } from "../values/text.ts";

const paymentMethod = text(200).meta({ examples: ["pm_card_visa"] });
/**
 * The provider's idempotency key, which is fixed when the payment is requested. A void names it too, so that the
 * money is released even if the authorization never became known.
 */
const paymentKey = z
  .string()
  .min(1)
  .meta({ examples: ["payment-10248"] });
/** The provider's reference for the money that it holds. */
const authorization = z
  .string()
  .min(1)
  .meta({ examples: ["auth-1"] });
/** The provider's text, recorded unchanged: an answer must not be lost because of its format. */
const because = z.string().meta({ examples: ["the card was declined"] });

const commands = {
  RequestPayment: z.object({ orderId, amount, paymentMethod }),
  RecordAuthorization: z.object({ orderId, authorization }),
  RecordDecline: z.object({ orderId, because }),
  VoidPayment: z.object({ orderId }),
};

const events = {
  PaymentRequested: z.object({ orderId, paymentKey, amount, paymentMethod }),
  PaymentAuthorized: z.object({ orderId, authorization }),
  PaymentDeclined: z.object({ orderId, because }),
  PaymentVoided: z.object({ orderId, paymentKey, authorization: authorization.optional() }),
};

const rejections = ["payment-voided", "payment-not-requested"] as const;

type State =
  | { readonly status: "none" }
  | { readonly status: "requested" | "declined"; readonly paymentKey: string }
  | { readonly status: "authorized"; readonly paymentKey: string; readonly authorization: string }
  | { readonly status: "voided"; readonly paymentKey: string; readonly authorization?: string };

const notRequested = reject("payment-not-requested", "this payment was not requested");

export const payment: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "payment",
  identifiedBy: "orderId",
  commands,
  events,
  rejections,
  initialState: { status: "none" },
  begins: ["RequestPayment"],
  decide: {
    RequestPayment: ({ data }, { status }) => {
      if (status === "voided") return reject("payment-voided", "this payment was cancelled");
      if (status !== "none") return [];
      return [{ type: "PaymentRequested", data: { ...data, paymentKey: `payment-${data.orderId}` } }];
    },
    RecordAuthorization: ({ data: { orderId, authorization } }, state) => {
      if (state.status === "none") return notRequested;
      if (state.status === "authorized") return [];
      if (state.status === "requested")
        return [{ type: "PaymentAuthorized", data: { orderId, authorization } }];
      // The payment is voided or declined, so the money that is held now must be released.
      if (state.status === "voided" && state.authorization === authorization) return [];
      return [{ type: "PaymentVoided", data: { orderId, paymentKey: state.paymentKey, authorization } }];
    },
    RecordDecline: ({ data }, { status }) => {
      if (status === "none") return notRequested;
      return status === "requested" ? [{ type: "PaymentDeclined", data }] : [];
    },
    VoidPayment: ({ data: { orderId } }, state) => {
      if (state.status === "requested")
        return [{ type: "PaymentVoided", data: { orderId, paymentKey: state.paymentKey } }];
      if (state.status !== "authorized") return [];
      const { paymentKey, authorization } = state;
      return [{ type: "PaymentVoided", data: { orderId, paymentKey, authorization } }];
    },
  },
  evolve: {
    PaymentRequested: (_, { data: { paymentKey } }) => ({ status: "requested", paymentKey }),
    PaymentAuthorized: (state, { data: { authorization } }) =>
      state.status === "none" ? state : { status: "authorized", paymentKey: state.paymentKey, authorization },
    PaymentDeclined: (state) =>
      state.status === "none" ? state : { status: "declined", paymentKey: state.paymentKey },
    PaymentVoided: (_, { data: { paymentKey, authorization } }) => ({
      status: "voided",
      paymentKey,
      authorization,
    }),
  },
};

export const paymentRequested = event(payment, "PaymentRequested");
export const paymentAuthorized = event(payment, "PaymentAuthorized");
export const paymentDeclined = event(payment, "PaymentDeclined");
export const paymentVoided = event(payment, "PaymentVoided");
export const requestPayment = command(payment, "RequestPayment");
export const recordAuthorization = command(payment, "RecordAuthorization");
export const recordDecline = command(payment, "RecordDecline");
export const voidPayment = command(payment, "VoidPayment");
