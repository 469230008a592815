/**
 * Throttling by token buckets. Each route of a stage has a bucket, which all callers share. It holds up to `burst` tokens,
 * gets `rate` tokens per second of the local clock, and a request takes one. A new process starts with full buckets. API
 * Gateway treats its limits as targets and may let more requests pass; here they are exact.
 */
import type { Clock } from "../machine/clock.ts";
import type { Matched } from "./routing.ts";

type Bucket = { tokens: number; at: number };

/** Returns whether the route takes the request. */
export const throttle = ({ now }: Pick<Clock, "now">): ((matched: Matched) => boolean) => {
  const buckets = new Map<string, Bucket>();

  return ({ stage: { name, limits }, route }) => {
    if (!limits) return true;
    const { rate, burst } = limits;
    const key = `${name} ${route.key}`;
    const bucket = buckets.get(key) ?? { tokens: burst, at: now() };
    buckets.set(key, bucket);
    const time = now();
    bucket.tokens = Math.min(burst, bucket.tokens + ((time - bucket.at) / 1000) * rate);
    bucket.at = time;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
};
