/** Releases the money that the provider holds for a voided payment, even if its answer never became known. */
import type { Effect } from "../../model/effect.ts";
import { paymentVoided } from "./payment.ts";
import type { PaymentProvider } from "./payment-provider.ts";

export const releaseAuthorization: Effect<typeof paymentVoided, { readonly payments: PaymentProvider }> = {
  name: "release-authorization",
  on: paymentVoided,
  answers: [],
  uses: { payments: true },
  perform: async ({ data: { paymentKey, authorization } }, { services }) => {
    await services.payments.release({ authorizedBy: paymentKey, authorization });
    return undefined;
  },
};
