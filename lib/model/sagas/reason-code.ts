/**
 * The reason why a saga compensates or is parked, as a code of lower-case words with dashes, short enough for an
 * event.
 */
import type { ParkedReason } from "./verdict.ts";

/** `payment-declined` for `PaymentDeclined`. */
const dashed = (name: string): string =>
  name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "-").toLowerCase();

/**
 * The reason as a code, `out-of-stock`:
 * - rejected: the code of the rejection, `out-of-stock`.
 * - failed: the event that failed the step, `payment-declined`.
 * - others: the step and the kind, `authorize-payment-timed-out`.
 */
export const reasonCode = (reason: ParkedReason): string => {
  switch (reason.kind) {
    case "rejected":
      return reason.code;
    case "failed":
      return dashed(reason.event);
    case "timed-out":
    case "undecided":
    case "cannot-continue":
      return `${reason.step}-${reason.kind}`;
  }
};
