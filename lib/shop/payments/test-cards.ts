/**
 * The test cards of a payment provider that stands in for a real one, and what it answers. To add a card, add a
 * row.
 */
import type { Authorization } from "./payment-provider.ts";

type TestCard = {
  /** How often it gives no answer before it gives one. */
  readonly failures: number;
  /** How long the asker waits for no answer. */
  readonly silenceMilliseconds?: number;
  /** Why it is declined; otherwise it is authorized. */
  readonly declined?: string;
};

const testCards: Readonly<Record<string, TestCard>> = {
  pm_card_visa: { failures: 0 },
  pm_card_chargeDeclined: { failures: 0, declined: "card declined" },
  pm_card_timeout: { failures: Number.POSITIVE_INFINITY, silenceMilliseconds: 1000 },
  pm_card_flaky: { failures: 2 },
};

const unknownCard: TestCard = { failures: 0, declined: "unknown payment method" };

export const testCard = (paymentMethod: string): TestCard =>
  (Object.hasOwn(testCards, paymentMethod) ? testCards[paymentMethod] : undefined) ?? unknownCard;

/** What it says once it answers. The reference follows from the key, so it is the same for the same key. */
export const answerOf = ({ declined }: TestCard, key: string): Authorization =>
  declined === undefined
    ? { kind: "authorized", authorization: `auth_${key}` }
    : { kind: "declined", because: declined };

/** The answer to whoever asks with a key that was released before it had an answer. */
export const calledOff: Authorization = { kind: "declined", because: "called off" };
