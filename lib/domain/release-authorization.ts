/** Gives back what the provider holds, or may hold, for a payment that was called off. */
import type { Effect } from "../model/effect.ts";
import type { PaymentProvider } from "../ports/payment-provider.ts";
import { paymentKey, paymentVoided } from "./payment.ts";

export const releaseAuthorization: Effect<typeof paymentVoided, { readonly payments: PaymentProvider }> = {
  name: "release-authorization",
  on: paymentVoided,
  answers: [],
  perform: async ({ data: { orderId, authorization } }, { services }) => {
    await services.payments.release({ authorizedBy: paymentKey(orderId), authorization });
    return undefined;
  },
};
