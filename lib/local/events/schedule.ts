/** Triggers rules that have a rate, by the local clock. The first period begins when the local cloud starts. */
import { uniqueId } from "../machine/random.ts";
import type { Cloud } from "../service/service.ts";
import type { AcceptedEvent } from "./delivery.ts";
import type { Rule } from "./rule.ts";

/** The time of the event is the time at which it was due, as on AWS, even if a jump of the clock makes it late. */
const scheduledEvent = (cloud: Cloud, rule: Rule, due: number): AcceptedEvent => {
  const id = uniqueId();
  const event = JSON.stringify({
    version: "0",
    id,
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: cloud.account,
    time: `${new Date(due).toISOString().slice(0, 19)}Z`,
    region: cloud.region,
    resources: [rule.arn],
    detail: {},
  });
  return { id, event };
};

/** If the clock jumps over several due times, the rule is triggered once. */
export const startSchedules = (
  cloud: Cloud,
  rules: readonly Rule[],
  accept: (event: AcceptedEvent, rule: Rule) => void,
): void => {
  for (const rule of rules) {
    const { everyMilliseconds } = rule;
    if (everyMilliseconds === undefined || !rule.isEnabled) continue;
    const wait = () => {
      const due = cloud.clock.now() + everyMilliseconds;
      cloud.clock.at(due, () => {
        accept(scheduledEvent(cloud, rule, due), rule);
        wait();
      });
    };
    wait();
  }
};
