/** Deadlines and messages do not pile up in an outage of hours, and the saga continues when it is over. */
import { describe, expect, test } from "vitest";
import type { Delivery } from "../../../../lib/ports/delivery.ts";
import { approvedLending, approvedLibrary } from "../../../library/fixtures/approved-loans.ts";
import { expired } from "../../../library/fixtures/loan-history.ts";
import { deliveryOf } from "../../deliveries.ts";
import { approved, asked, held, rowLending, start } from "./loans.ts";
import { play } from "./outage.ts";
import { rowWorld } from "./row-world.ts";

const hours = 6;

const waiting = [start, held, asked];
const gone = [...waiting, expired(4, "approval")];
const decided = [...waiting, approved];

const broken = {
  streams: { read: () => Promise.reject(new Error("no store")) },
  "updates of the instance": { append: () => Promise.reject(new Error("no update")) },
  "command handlers": { send: () => Promise.reject(new Error("no handler")) },
};

/** The position of the saga, its history, and its end after the outage. */
const where = [
  ["before the pivot", rowLending, [start], "compensated"],
  ["before the pivot, at a step that waits", approvedLending, [start], "compensated"],
  ["after the pivot", rowLending, decided, "completed"],
  ["after the pivot, at a step that waits", approvedLending, decided, "completed"],
  ["while it compensates", rowLending, gone, "compensated"],
] as const;

const cases = where.flatMap(([name, saga, history, end]) =>
  (["streams", "command handlers", "updates of the instance"] as const).flatMap((what) =>
    (["a queue", "a broker"] as const).map((bus) => ({ name, saga, history, end, what, bus })),
  ),
);

/** One deadline repeats the wait, one limits the compensation, and one continues after the event of a broker. */
const deadlinesMost = 3;
/** The wait and the continuation are repeated twice per minute. */
const perHour = 2 * 120;

test.each(cases)("$name, with events from $bus, if all $what fail for hours", async (each) => {
  const { saga, history, end, what, bus } = each;
  const world = await rowWorld(saga, approvedLibrary, { stored: history, history });
  Object.assign(world.during, broken[what]);
  const event = deliveryOf(history.at(-1) ?? start);
  const first: Delivery = bus === "a broker" ? { ...event, blocksOthers: true } : event;
  const { deadlines, most } = await play(world, [first], hours * 3600);
  expect(most).toBeLessThanOrEqual(deadlinesMost);
  expect(deadlines).toBeLessThanOrEqual(hours * perHour);
  expect(await world.status()).toMatchObject({ kind: end });
});

describe("a stuck instance", () => {
  const failScheduler = () => Promise.reject(new Error("no scheduler"));
  const noScheduler = { set: failScheduler, remove: failScheduler };
  const worlds = where.flatMap(([name, saga, history, end]) =>
    (["streams", "command handlers", "updates of the instance"] as const).flatMap((what) =>
      (["its event is redelivered", "its event is lost"] as const).flatMap((event) =>
        (["", ", with all deadlines,"] as const).map((others) => ({
          name: `${name}, if ${event}`,
          saga,
          history,
          end,
          fails: { ...broken[what], ...(others && noScheduler) },
          what: `${what}${others}`,
          first: event === "its event is lost" ? [] : [deliveryOf(history.at(-1) ?? start)],
        })),
      ),
    ),
  );

  test.each(worlds)(
    "$name, gets at most one message from each inspection, and these do not pile up, if all $what fail for hours",
    async ({ saga, history, end, fails, first }) => {
      const world = await rowWorld(saga, approvedLibrary, { stored: history, history });
      Object.assign(world.during, fails);
      const { continued, deadlines, most } = await play(world, first, hours * 3600);
      expect(Math.max(...continued)).toBe(1);
      expect(most).toBeLessThanOrEqual(deadlinesMost);
      expect(deadlines).toBeLessThanOrEqual(hours * perHour);
      expect(await world.status()).toMatchObject({ kind: end });
    },
  );
});
