/** Rules that the clock calls: `rate(5 minutes)` on the local clock, from the start of the local cloud on. */
import { uniqueId } from "../machine/random.ts";
import type { World } from "../service/service.ts";
import type { AcceptedEvent } from "./delivery.ts";
import type { Rule } from "./rule.ts";

const unitMilliseconds: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** A number of 1 has its unit in the singular, as AWS will have it. Throws on what is not run here. */
export const rateMilliseconds = (expression: string): number => {
  const [, number = "", unit = "", plural = ""] =
    /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const milliseconds = unitMilliseconds[unit];
  if (milliseconds === undefined || (number === "1") !== (plural === ""))
    throw new Error(`${expression} is not run here, only rates like rate(1 minute) and rate(5 minutes)`);
  return Number(number) * milliseconds;
};

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

/** A jump of the clock over several turns is one turn. */
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
