/** Sagas by choreography on a real bus: one scenario for each kind of trouble, of those that npm run conformance plays. */
import { describe, expect, test } from "vitest";
import { type Kind, kindsOf } from "../../simulation/conformance/kind.ts";
import { librarySagas } from "../../simulation/conformance/library.ts";
import { type Played, play } from "../../simulation/conformance/play.ts";
import { arrivals, type Scenario } from "../../simulation/conformance/scenario.ts";
import { type Attach, realBus } from "./real-bus.ts";

type Trouble = Pick<Scenario, "fault" | "hindrance" | "cancelAfter"> & {
  readonly saga: "lending" | "loan-period";
  readonly arrival?: Scenario["arrival"];
};

const [once, twice] = arrivals;
const refused = { task: "check-limit", of: "command", how: "refused" } as const;

/** With the outcomes that are right. A command that is late may be just in time. */
const troubles: readonly (readonly [name: string, Trouble, readonly Played["outcome"][]])[] = [
  ["nothing goes wrong", { saga: "lending" }, ["completed"]],
  ["each event arrives twice", { saga: "lending", arrival: twice }, ["completed"]],
  ["a step is refused", { saga: "lending", fault: refused }, ["compensated"]],
  ["a step is silent", { saga: "lending", fault: { ...refused, how: "silent" } }, ["compensated"]],
  ["a step is late", { saga: "lending", fault: { ...refused, how: "late" } }, ["completed", "compensated"]],
  ["a step is too late", { saga: "lending", fault: { ...refused, how: "too late" } }, ["compensated"]],
  ["a command arrives again", { saga: "lending", fault: { ...refused, how: "twice" } }, ["completed"]],
  ["a person cancels", { saga: "lending", cancelAfter: 2 }, ["compensated"]],
  [
    "an undo meets a fault",
    { saga: "lending", fault: refused, hindrance: { task: "undo-reserve-copy", how: "faults once" } },
    ["compensated"],
  ],
  [
    "an undo is refused",
    { saga: "lending", fault: refused, hindrance: { task: "undo-reserve-copy", how: "refused" } },
    ["parked"],
  ],
  [
    "an undo is silent",
    { saga: "lending", fault: refused, hindrance: { task: "undo-reserve-copy", how: "silent" } },
    ["parked"],
  ],
  [
    "the answer that a step waits for is silent",
    { saga: "loan-period", fault: { task: "wait-for-return", of: "answer", how: "silent" } },
    ["compensated"],
  ],
  [
    "the answer that a step waits for arrives again",
    { saga: "loan-period", fault: { task: "wait-for-return", of: "answer", how: "twice" } },
    ["completed"],
  ],
];

const kinds = kindsOf(librarySagas);

const kindOf = (saga: Trouble["saga"]): Kind => {
  const kind = kinds.find(({ subject }) => subject.name === saga);
  if (!kind) throw new Error(`there is no saga ${saga}`);
  return kind;
};

/** The categories of streams of the library. */
const categories = [
  ...new Set(kinds.flatMap(({ subject }) => subject.application.deciders.map(({ name }) => name))),
];

/** `attachTo` starts consumers on the broker for events of these categories. */
export const sagasConform = (attachTo: (categories: readonly string[]) => Attach): void => {
  describe("a saga by choreography ends as it must", () => {
    test.each(troubles)("if %s", async (_, { saga, arrival = once, ...trouble }, outcomes) => {
      const kind = kindOf(saga);
      const scenario = { ...trouble, subject: kind.subject.name, arrival, seed: 1 };
      const bus = realBus(attachTo(categories), arrival.copies);
      const played = await play("choreography", scenario, kind, { between: { bus } });
      expect(played.problems).toEqual([]);
      expect(outcomes).toContain(played.outcome);
    });
  });
};
