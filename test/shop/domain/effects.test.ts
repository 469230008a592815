import { describe, expect, test } from "vitest";
import { perform } from "../../../lib/model/effect.ts";
import type { Mail, Mailer } from "../../../lib/ports/mailer.ts";
import { sendConfirmation } from "../../../lib/shop/orders/send-confirmation.ts";
import { authorizePayment } from "../../../lib/shop/payments/authorize-payment.ts";
import type { Authorization, PaymentProvider } from "../../../lib/shop/payments/payment-provider.ts";
import { releaseAuthorization } from "../../../lib/shop/payments/release-authorization.ts";
import { recorded } from "../../model/recorded.ts";

const orderId = "10248";
const paymentKey = "payment-10248";
const paymentMethod = "pm_card_visa";

/** Stores its requests, and always gives the same answer. */
const provider = (answer: () => Authorization) => {
  const asked: unknown[] = [];
  const payments: PaymentProvider = {
    authorize: async (request) => {
      asked.push(request);
      return answer();
    },
    release: async (request) => void asked.push(request),
  };
  return { asked, services: { payments } };
};

const held = () => provider(() => ({ kind: "authorized", authorization: "A1" }));

const requested = (amount: number) =>
  recorded(
    "payment-10248",
    { type: "PaymentRequested", data: { orderId, paymentKey, amount, paymentMethod } },
    { sagaId: "checkout/10248" },
  );

describe("authorize-payment", () => {
  test("uses the key of the payment and records the authorization", async () => {
    const { asked, services } = held();
    const answer = await perform(authorizePayment, requested(300), services);
    expect(asked).toEqual([{ key: paymentKey, amount: 300, paymentMethod }]);
    expect(answer).toMatchObject({
      type: "RecordAuthorization",
      streamId: "payment-10248",
      data: { orderId, authorization: "A1" },
      metadata: { id: "authorize-payment/payment-10248@1", sagaId: "checkout/10248", receipt: true },
    });
  });

  test("records a decline with any text of the provider", async () => {
    const because = `no money\r\n${"!".repeat(2000)}`;
    const { services } = provider(() => ({ kind: "declined", because }));
    const answer = await perform(authorizePayment, requested(300), services);
    expect(answer).toMatchObject({ type: "RecordDecline", data: { orderId, because } });
    for (const each of authorizePayment.answers)
      if (each.type === answer?.type) expect(each.schema.parse(answer.data)).toEqual(answer.data);
  });

  test("handles an amount of zero like any other amount", async () => {
    const { asked, services } = held();
    await perform(authorizePayment, requested(0), services);
    expect(asked).toMatchObject([{ amount: 0 }]);
  });

  test("records nothing if the provider does not answer", async () => {
    const { services } = provider(() => {
      throw new Error("no answer");
    });
    await expect(perform(authorizePayment, requested(300), services)).rejects.toThrow("no answer");
  });
});

describe("release-authorization", () => {
  const voided = (data: object) =>
    recorded("payment-10248", { type: "PaymentVoided", data: { orderId, paymentKey, ...data } });

  test("passes the authorization and the key of its request", async () => {
    const { asked, services } = held();
    const answer = await perform(releaseAuthorization, voided({ authorization: "A1" }), services);
    expect([answer, ...asked]).toEqual([undefined, { authorizedBy: paymentKey, authorization: "A1" }]);
  });

  test("releases by the key if the answer is not known", async () => {
    const { asked, services } = held();
    await perform(releaseAuthorization, voided({}), services);
    expect(asked).toEqual([{ authorizedBy: paymentKey }]);
  });
});

describe("send-confirmation", () => {
  const mailOf = async (name: string, total: number): Promise<Mail | undefined> => {
    const mails: Mail[] = [];
    const mailer: Mailer = { send: async (mail) => void mails.push(mail) };
    const data = { orderId, customer: { name, email: "vinet@example.com" }, total };
    await perform(
      sendConfirmation,
      recorded("order-10248", { type: "OrderConfirmed", data }, { version: 2 }),
      {
        mailer,
      },
    );
    return mails.length === 1 ? mails[0] : undefined;
  };

  test("sends an e-mail with the same key for every delivery", async () => {
    expect(await mailOf("Vins et alcools", 26605)).toEqual({
      key: "send-confirmation/order-10248@2",
      to: "vinet@example.com",
      subject: "Your order 10248",
      text: "Dear Vins et alcools,\n\nyour order 10248 is confirmed and on its way. We charge 266.05.",
      html: "<p>Dear Vins et alcools,</p><p>your order 10248 is confirmed and on its way. We charge 266.05.</p>",
    });
  });

  test("a name cannot become markup", async () => {
    const name = `<a href="x">O'Neil & Söhne</a>`;
    const mail = await mailOf(name, 1);
    expect(mail?.text).toContain(`Dear ${name},`);
    expect(mail?.html).toContain("Dear &lt;a href=&quot;x&quot;&gt;O&#39;Neil &amp; Söhne&lt;/a&gt;,");
  });

  test.each([
    [0, "0.00"],
    [7, "0.07"],
    [100, "1.00"],
    [123456, "1234.56"],
    [Number.MAX_SAFE_INTEGER, "90071992547409.91"],
  ])("%d minor units are %s", async (total, words) => {
    expect((await mailOf("Ada", total))?.text).toMatch(
      new RegExp(`We charge ${words.replace(".", "\\.")}\\.$`),
    );
  });
});
