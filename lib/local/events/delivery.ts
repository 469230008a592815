/**
 * From a rule to its target. An accepted event is in the journal until the target has it, so that a kill -9 loses none.
 * A failed delivery is retried, later each time, until the target's retry policy ends it. The event then goes to the
 * target's dead-letter queue, or is dropped and reported.
 */
import { backoffMilliseconds } from "../machine/random.ts";
import type { Cloud } from "../service/service.ts";
import type { Rule } from "./rule.ts";
import { endOf, type Pending, type RuleTarget, targets } from "./target.ts";

export type AcceptedEvent = { readonly id: string; readonly event: string; readonly traceHeader?: string };

type Delivery = {
  /** When this returns, the journal has the event for every target of the rule. It is delivered later. */
  readonly accept: (event: AcceptedEvent, rule: Rule) => void;
  /** Delivers the events that an earlier process accepted and did not deliver. */
  readonly resume: () => void;
};

const firstRetryMilliseconds = 1000;
const retryMillisecondsMax = 600_000;

export const delivery = (cloud: Cloud, rules: readonly Rule[]): Delivery => {
  const { now, at } = cloud.clock;
  const waiting = cloud.journal.map<Pending>("deliveries");
  const rulesByArn = new Map(rules.map((rule) => [rule.arn, rule]));
  const { handOver, giveUp } = targets(cloud);
  let due: string[] = [];

  const targetOf = ({ ruleArn, targetId }: Pending): RuleTarget | undefined => {
    const rule = rulesByArn.get(ruleArn);
    const target = rule?.targets.find(({ Id }) => Id === targetId);
    return rule && target && { rule, target };
  };

  const retryLater = (key: string, pending: Pending) => {
    waiting.set(key, pending);
    const wait = backoffMilliseconds(pending.failures - 1, firstRetryMilliseconds, retryMillisecondsMax);
    at(now() + wait, () => void deliver(key));
  };

  const deliver = async (key: string) => {
    const pending = waiting.get(key);
    if (!pending) return;
    const to = targetOf(pending);
    if (!to) return waiting.delete(key);
    try {
      await handOver(to, pending);
      waiting.delete(key);
    } catch (fault) {
      const failed = { ...pending, failures: pending.failures + 1 };
      const end = endOf(to.target, failed, { fault, now: now() });
      if (!end) return retryLater(key, failed);
      await giveUp(to, failed, end);
      waiting.delete(key);
    }
  };

  const deliverDue = () => {
    const keys = due;
    due = [];
    for (const key of keys) void deliver(key);
  };

  const deliverSoon = (key: string) => {
    if (due.length === 0) setImmediate(deliverDue);
    due.push(key);
  };

  return {
    accept: ({ id, ...event }, rule) => {
      for (const { Id: targetId } of rule.targets) {
        const key = `${id}/${rule.id}/${targetId}`;
        waiting.set(key, {
          ...event,
          ruleArn: rule.arn,
          targetId,
          acceptedAt: cloud.clock.now(),
          failures: 0,
        });
        deliverSoon(key);
      }
    },
    resume: () => {
      for (const [key] of waiting.entries()) deliverSoon(key);
    },
  };
};
