import { expect, test } from "vitest";
import { reasonCode } from "../../../lib/model/sagas/reason-code.ts";
import type { ParkedReason } from "../../../lib/model/sagas/verdict.ts";

test.each<readonly [ParkedReason, string]>([
  [
    { kind: "rejected", step: "reserve-stock", code: "out-of-stock", because: "none is left" },
    "out-of-stock",
  ],
  [{ kind: "failed", step: "authorize-payment", event: "PaymentDeclined" }, "payment-declined"],
  [{ kind: "failed", step: "send", event: "SMTPServerFailed2Times" }, "smtp-server-failed2-times"],
  [{ kind: "timed-out", step: "authorize-payment" }, "authorize-payment-timed-out"],
  [{ kind: "undecided", step: "take-stock", event: "StockCounted" }, "take-stock-undecided"],
])("%o is %s", (reason, code) => {
  expect(reasonCode(reason)).toBe(code);
});
