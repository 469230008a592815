/** The test cards of the payment sandbox, with its answers. To add a card, add a row. */
import type { Authorization } from "./payment-provider.ts";

type TestCard = {
  /** The number of requests that get no answer before the first answer. */
  readonly failures: number;
  /** How long a request without an answer takes. */
  readonly silenceMilliseconds?: number;
  /** Why it is declined. Without it, it is authorized. */
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

/** The answer for a card. The reference is derived from the key, so it is the same for the same key. */
export const answerOf = ({ declined }: TestCard, key: string): Authorization =>
  declined === undefined
    ? { kind: "authorized", authorization: `auth_${key}` }
    : { kind: "declined", because: declined };

/** The answer for a key that was released before it had an answer. */
export const calledOff: Authorization = { kind: "declined", because: "called off" };
