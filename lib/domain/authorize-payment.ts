/** Asks the provider to hold the money of an order. */
import type { Effect } from "../model/effect.ts";
import type { PaymentProvider } from "../ports/payment-provider.ts";
import { paymentKey, paymentRequested, recordAuthorization, recordDecline } from "./payment.ts";

export const authorizePayment: Effect<
  typeof paymentRequested,
  { readonly payments: PaymentProvider },
  typeof recordAuthorization | typeof recordDecline
> = {
  name: "authorize-payment",
  on: paymentRequested,
  answers: [recordAuthorization, recordDecline],
  perform: async ({ data: { orderId, amount, paymentMethod } }, { services }) => {
    const answer = await services.payments.authorize({ key: paymentKey(orderId), amount, paymentMethod });
    return answer.kind === "authorized"
      ? recordAuthorization({ orderId, authorization: answer.authorization })
      : recordDecline({ orderId, because: answer.because });
  },
};
