/** Calls the rules that have a rate, by the local clock, from the start of the local cloud on. */
import { uniqueId } from "../machine/random.ts";
import type { World } from "../service/service.ts";
import type { AcceptedEvent } from "./delivery.ts";
import type { Rule } from "./rule.ts";

/** Its time is the one it was due, as on AWS, although a jump of the clock may bring it later. */
const scheduledEvent = (world: World, rule: Rule, due: number): AcceptedEvent => {
  const id = uniqueId();
  const event = JSON.stringify({
    version: "0",
    id,
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: world.account,
    time: `${new Date(due).toISOString().slice(0, 19)}Z`,
    region: world.region,
    resources: [rule.arn],
    detail: {},
  });
  return { id, event };
};

/** A jump of the clock over several due times calls a rule once. */
export const startSchedules = (
  world: World,
  rules: readonly Rule[],
  accept: (event: AcceptedEvent, rule: Rule) => void,
): void => {
  for (const rule of rules) {
    const { everyMilliseconds } = rule;
    if (everyMilliseconds === undefined || !rule.isEnabled) continue;
    const wait = () => {
      const due = world.clock.now() + everyMilliseconds;
      world.clock.at(due, () => {
        accept(scheduledEvent(world, rule, due), rule);
        wait();
      });
    };
    wait();
  }
};
