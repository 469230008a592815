import { describe, expect, test } from "vitest";
import { idempotencyKeyOf, perform } from "../../../lib/model/effect.ts";
import { authorizePayment } from "../../../lib/shop/payments/authorize-payment.ts";
import { paymentVoided, recordAuthorization } from "../../../lib/shop/payments/payment.ts";
import { recorded } from "../../model/recorded.ts";

const requested = recorded(
  "payment-1",
  {
    type: "PaymentRequested",
    data: { orderId: "1", paymentKey: "payment-1", amount: 1, paymentMethod: "pm" },
  },
  { sagaId: "checkout/1", correlationId: "the request", traceparent: "00-1-2-01" },
);

const payments = {
  authorize: async () => ({ kind: "declined", because: "no money" }) as const,
  release: async () => {},
};

describe("an effect", () => {
  test("has one key for every delivery of an event", () => {
    expect(idempotencyKeyOf(authorizePayment, requested)).toBe("authorize-payment/payment-1@1");
  });

  test("answers with a command of the same saga, caused by the event", async () => {
    const answer = await perform(authorizePayment, requested, { payments });
    expect(answer).toEqual({
      type: "RecordDecline",
      streamId: "payment-1",
      data: { orderId: "1", because: "no money" },
      metadata: {
        id: "authorize-payment/payment-1@1",
        causationId: "payment-1@1",
        correlationId: "the request",
        issuedAt: requested.metadata.recordedAt,
        sagaId: "checkout/1",
        traceparent: "00-1-2-01",
        receipt: true,
      },
    });
  });

  test("does nothing for an event of another type or of another category", async () => {
    const others = [
      { ...requested, type: paymentVoided.type },
      recorded("invoice-1", { type: requested.type, data: requested.data }),
    ];
    for (const other of others) expect(await perform(authorizePayment, other, { payments })).toBeUndefined();
  });

  test("answers only commands that it declares", async () => {
    const silent = { ...authorizePayment, answers: [recordAuthorization] };
    await expect(perform(silent, requested, { payments })).rejects.toThrow(
      "effect authorize-payment: expected a command in answers (RecordAuthorization), got RecordDecline",
    );
  });
});
