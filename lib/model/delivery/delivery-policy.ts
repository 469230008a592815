/** How the events of an effect are brought to it: data beside the effect, from which its queue and function follow. */
export type DeliveryPolicy = {
  /** How long one attempt may take. */
  readonly timeoutSeconds?: number;
  /** How many functions work at once, each on up to ten events; as many as there is work for, unless said. */
  readonly concurrency?: number;
  /**
   * How often an event is tried before it is a dead letter: with up to five minutes in between where it comes by a queue
   * of SQS, within minutes where a broker brings it.
   */
  readonly attempts?: number;
};

/** By a queue, with half of five minutes between attempts at least, an event is tried for more than 20 hours. */
export const usualDelivery = { timeoutSeconds: 30, attempts: 500 } as const satisfies DeliveryPolicy;

/**
 * What AWS allows; with fewer attempts than five an event would become a dead letter merely because another container
 * was busy with it, or because all were.
 */
const limits = {
  timeoutSeconds: [1, 900],
  concurrency: [2, 1000],
  attempts: [5, 1000],
} as const satisfies Readonly<Record<keyof DeliveryPolicy, readonly [least: number, most: number]>>;

export const problemsOfDelivery = (where: string, policy: DeliveryPolicy = {}): readonly string[] =>
  Object.entries(limits).flatMap(([name, [least, most]]) => {
    // The names of the limits are those of the policy.
    const value = policy[name as keyof DeliveryPolicy];
    const isFine = value === undefined || (Number.isInteger(value) && value >= least && value <= most);
    return isFine ? [] : [`${where}: ${name} is a whole number from ${least} to ${most}, not ${value}`];
  });
