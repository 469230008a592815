/**
 * How events are delivered to an effect or a translator. The settings of its queue and its function follow from it.
 */
export type DeliveryPolicy = {
  /** How long one attempt may take, in seconds: 1 to 900. Default 30. */
  readonly timeoutSeconds?: number;
  /** How many functions run at the same time, each with up to ten events: 2 to 1000. Without it there is no limit. */
  readonly concurrency?: number;
  /**
   * How many attempts an event gets before it becomes a dead letter: 5 to 1000. Default 500. With a queue of SQS
   * there are up to five minutes between two attempts. With a broker all attempts are within minutes.
   */
  readonly attempts?: number;
};

/**
 * The defaults. With a queue, attempts are at least two and a half minutes apart, so an event is retried for more
 * than 20 hours.
 */
export const usualDelivery = { timeoutSeconds: 30, attempts: 500 } as const satisfies DeliveryPolicy;

/**
 * The limits of AWS. With fewer than five attempts, an event could become a dead letter only because another
 * container was busy with it, or because all containers were busy.
 */
const limits = {
  timeoutSeconds: [1, 900],
  concurrency: [2, 1000],
  attempts: [5, 1000],
} as const satisfies Readonly<Record<keyof DeliveryPolicy, readonly [least: number, most: number]>>;

/** What is wrong with a policy; empty if it is valid. */
export const problemsOfDelivery = (where: string, policy: DeliveryPolicy = {}): readonly string[] =>
  Object.entries(limits).flatMap(([name, [least, most]]) => {
    // The limits have the same names as the policy.
    const value = policy[name as keyof DeliveryPolicy];
    const isFine = value === undefined || (Number.isInteger(value) && value >= least && value <= most);
    return isFine
      ? []
      : [`${where}: expected ${name} to be a whole number from ${least} to ${most}, got ${value}`];
  });
