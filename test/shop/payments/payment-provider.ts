/** The contract of every payment provider, with the test cards of the sandbox. */
import { describe, expect, test } from "vitest";
import type { PaymentProvider } from "../../../lib/shop/payments/payment-provider.ts";

let keys = 0;
const newKey = () => `payment-${process.pid}-${++keys}`;

const asking = (paymentMethod: string, key = newKey()) => ({ key, amount: 26600, paymentMethod });

const answers = [
  ["pm_card_visa", { kind: "authorized", authorization: expect.stringMatching(/.+/) }],
  ["pm_card_chargeDeclined", { kind: "declined", because: "card declined" }],
  ["pm_card_of_nobody", { kind: "declined", because: "unknown payment method" }],
  ["constructor", { kind: "declined", because: "unknown payment method" }],
] as const;

export const paymentProviderContract = (name: string, make: () => PaymentProvider): void => {
  describe(`the payment provider ${name}`, () => {
    test.each(answers)("answers %s", async (paymentMethod, answer) => {
      expect(await make().authorize(asking(paymentMethod))).toEqual(answer);
    });

    test.each(answers)("always gives the same answer for the same key: %s", async (paymentMethod) => {
      const provider = make();
      const request = asking(paymentMethod);
      const first = await provider.authorize(request);
      expect(await provider.authorize(request)).toEqual(first);
      expect(await provider.authorize({ ...request, paymentMethod: "pm_card_timeout" })).toEqual(first);
    });

    test("gives two concurrent requests with the same key the same answer", async () => {
      const provider = make();
      const request = asking("pm_card_visa");
      const [one, other] = await Promise.all([provider.authorize(request), provider.authorize(request)]);
      expect(one).toEqual(other);
    });

    test("gives different authorizations for different keys", async () => {
      const provider = make();
      const one = await provider.authorize(asking("pm_card_visa"));
      expect(await provider.authorize(asking("pm_card_visa"))).not.toEqual(one);
    });

    test("throws if the provider did not answer", async () => {
      const provider = make();
      const request = asking("pm_card_timeout");
      for (const _ of [1, 2, 3, 4]) await expect(provider.authorize(request)).rejects.toThrow("time-out");
    });

    test("answers the flaky card at the third attempt with a key", async () => {
      const provider = make();
      const request = asking("pm_card_flaky");
      await expect(provider.authorize(request)).rejects.toThrow("time-out");
      await expect(provider.authorize(asking("pm_card_flaky"))).rejects.toThrow("time-out");
      await expect(provider.authorize(request)).rejects.toThrow("time-out");
      expect(await provider.authorize(request)).toMatchObject({ kind: "authorized" });
    });

    test("releases the money of an authorization, and keeps the answer for its key", async () => {
      const provider = make();
      const request = asking("pm_card_visa");
      const first = await provider.authorize(request);
      const authorization = first.kind === "authorized" ? first.authorization : undefined;
      await provider.release({ authorizedBy: request.key, authorization });
      expect(await provider.authorize(request)).toEqual(first);
    });

    test("releases once, even if it is asked twice", async () => {
      const provider = make();
      const request = asking("pm_card_visa");
      const first = await provider.authorize(request);
      await provider.release({ authorizedBy: request.key });
      await provider.release({ authorizedBy: request.key });
      expect(await provider.authorize(request)).toEqual(first);
    });

    test.each(["pm_card_visa", "pm_card_flaky", "pm_card_timeout"])(
      "never holds money that was released before it was held: %s",
      async (paymentMethod) => {
        const provider = make();
        const request = asking(paymentMethod);
        await provider.release({ authorizedBy: request.key });
        const answer = { kind: "declined", because: "called off" };
        expect(await provider.authorize(request)).toEqual(answer);
        expect(await provider.authorize(request)).toEqual(answer);
      },
    );

    test("never holds money that was released while its answer was lost", async () => {
      const provider = make();
      const request = asking("pm_card_flaky");
      await expect(provider.authorize(request)).rejects.toThrow("time-out");
      await provider.release({ authorizedBy: request.key });
      expect(await provider.authorize(request)).toEqual({ kind: "declined", because: "called off" });
    });

    test("accepts the release of a declined payment, which stays declined", async () => {
      const provider = make();
      const request = asking("pm_card_chargeDeclined");
      const first = await provider.authorize(request);
      await provider.release({ authorizedBy: request.key });
      expect(await provider.authorize(request)).toEqual(first);
    });
  });
};
