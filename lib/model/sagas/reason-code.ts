/** Why a saga compensates or is parked, as a code of lower-case words with dashes that fits into an event. */
import type { ParkedReason } from "./verdict.ts";

/** `PaymentDeclined` becomes `payment-declined`. */
const dashed = (name: string): string =>
  name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "-").toLowerCase();

/**
 * - rejected: the code of the rejection, `out-of-stock`.
 * - failed: the event that failed the step, `payment-declined`.
 * - timed-out, undecided: the step and what became of it, `authorize-payment-timed-out`.
 */
export const reasonCode = (reason: ParkedReason): string => {
  switch (reason.kind) {
    case "rejected":
      return reason.code;
    case "failed":
      return dashed(reason.event);
    case "timed-out":
    case "undecided":
      return `${reason.step}-${reason.kind}`;
  }
};
