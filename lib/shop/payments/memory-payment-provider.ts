/** The in-memory payment provider, with the test cards of the sandbox. It answers without a delay. */
import type { Authorization, PaymentProvider } from "./payment-provider.ts";
import { answerOf, calledOff, testCard } from "./test-cards.ts";

type Payment = {
  readonly amount: number;
  readonly attempts: number;
  readonly answer?: Authorization;
  readonly released: boolean;
};

const unknown: Payment = { amount: 0, attempts: 0, released: false };

export const memoryPaymentProvider = (): PaymentProvider & {
  /** The amount that it holds for this key. */
  readonly held: (key: string) => number;
} => {
  const payments = new Map<string, Payment>();
  const of = (key: string): Payment => payments.get(key) ?? unknown;

  return {
    held: (key) => {
      const { amount, answer, released } = of(key);
      return answer?.kind === "authorized" && !released ? amount : 0;
    },
    authorize: async ({ key, amount, paymentMethod }) => {
      const payment = of(key);
      if (payment.answer) return payment.answer;
      if (payment.released) return calledOff;
      const card = testCard(paymentMethod);
      const attempts = payment.attempts + 1;
      payments.set(key, { ...payment, amount, attempts });
      if (attempts <= card.failures)
        throw new Error(`time-out: the payment provider did not answer for ${key}`);
      const answer = answerOf(card, key);
      payments.set(key, { ...payment, amount, attempts, answer });
      return answer;
    },
    release: async ({ authorizedBy }) =>
      void payments.set(authorizedBy, { ...of(authorizedBy), released: true }),
  };
};
