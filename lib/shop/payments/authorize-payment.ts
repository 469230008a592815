/**
 * Asks the provider to hold the money of a requested payment, and records the answer, whether it is positive or
 * not.
 */
import type { Effect } from "../../model/effect.ts";
import { paymentRequested, recordAuthorization, recordDecline } from "./payment.ts";
import type { PaymentProvider } from "./payment-provider.ts";

// Uses the key of the payment, which is as stable as the idempotency key of the effect, and which the effect that
// releases the money knows too.
export const authorizePayment: Effect<
  typeof paymentRequested,
  { readonly payments: PaymentProvider },
  typeof recordAuthorization | typeof recordDecline
> = {
  name: "authorize-payment",
  on: paymentRequested,
  answers: [recordAuthorization, recordDecline],
  uses: { payments: true },
  perform: async ({ data: { orderId, paymentKey, amount, paymentMethod } }, { services }) => {
    const answer = await services.payments.authorize({ key: paymentKey, amount, paymentMethod });
    return answer.kind === "authorized"
      ? recordAuthorization({ orderId, authorization: answer.authorization })
      : recordDecline({ orderId, because: answer.because });
  },
};
