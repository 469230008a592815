/**
 * The compiled state machine agrees with the reference engine, and both with the definition, for every failing
 * step and every failing undo: the same tasks in the same order, with the same verdicts, and the same end.
 */
import { describe, expect, test } from "vitest";
import { validate } from "../../lib/model/validation/validate.ts";
import { problemsOf } from "./checkers.ts";
import { express, type MakeEngine, stateMachines } from "./engines.ts";
import { clear, hinder, plan, type Shape, shapes, travelling, tripOf } from "./trip.ts";
import { world } from "./world.ts";

const whileSeconds = 1200;

type Failing = {
  readonly step: string;
  readonly how: "refuses" | "is silent" | "cannot be handled";
  /** A step whose undo, or "home" for the abandonment, is refused until an operator has looked. */
  readonly undo?: string;
};

type Journey = {
  readonly tasks: readonly string[];
  readonly end: string | undefined;
  readonly parkings: number;
};

const withoutRepeats = (tasks: readonly string[]) => tasks.filter((task, index) => task !== tasks[index - 1]);

const travel = async (makeEngine: MakeEngine, shape: Shape, failing?: Failing): Promise<Journey> => {
  const trip = tripOf(shape);
  const road = world(travelling(shape), {}, makeEngine, { name: "in order", seed: 1, copies: 1 });
  if (failing?.how === "cannot be handled") road.broken.add(`trip/1/${taskOf(failing.step)}/`);
  else if (failing) await road.request(hinder(failing.step, "there", failing.how));
  if (failing?.undo !== undefined) await road.request(hinder(failing.undo, "back", "refuses"));
  await road.request(plan());
  await road.pass(whileSeconds);
  const stalled = (await road.statusOf(trip, "1"))?.kind;
  road.broken.clear();
  let parkings = 0;
  for (const leg of [failing?.step, failing?.undo])
    if (leg !== undefined && ["parked", "running", "waiting"].includes(stalled ?? ""))
      await road.request(clear(leg));
  while ((await road.statusOf(trip, "1"))?.kind === "parked") {
    parkings += 1;
    await road.operate({ action: "resume", sagaId: "trip/1", how: "retry" });
    await road.pass(whileSeconds);
  }
  await road.pass(whileSeconds);
  expect(await problemsOf(road)).toEqual([]);
  const tasks = road.log
    .entries()
    .flatMap(({ kind, step, progress }) => (kind === "step" ? [`${step} ${progress}`] : []));
  return { tasks: withoutRepeats(tasks), end: (await road.statusOf(trip, "1"))?.kind, parkings };
};

/** "end" is the leg of the completion. */
const taskOf = (step: string) => (step === "end" ? "complete" : step);

const isForward = ({ steps, pivot }: Shape, step: string) => {
  const places = [...steps, "end"];
  return pivot !== undefined && places.indexOf(step) > places.indexOf(pivot);
};

const ways = ["refuses", "is silent", "cannot be handled"] as const;

const failures = (shape: Shape): readonly Failing[] => {
  const { steps, oneWay = [] } = shape;
  return [...steps, "end"].flatMap((step, index) =>
    ways
      // The completion only has to be answered, it cannot keep silent.
      .filter((how) => step !== "end" || how !== "is silent")
      .flatMap((how): readonly Failing[] => {
        const turnsBack = shape.waits !== false || how !== "is silent";
        if (isForward(shape, step) || !turnsBack) return [{ step, how }];
        const undoable = steps.slice(0, index + 1).filter((undo) => !oneWay.includes(undo));
        return [{ step, how }, ...[...undoable, "home"].map((undo) => ({ step, how, undo }))];
      }),
  );
};

const wordsOf = ({ step, how, undo }: Failing) =>
  `${step} ${how}${undo === undefined ? "" : ` and the way back from ${undo} is closed`}`;

describe.each(shapes)("a saga $name", (shape) => {
  const [[, reference], [, compiled]] = stateMachines;
  const both = async (failing?: Failing) => {
    const [one, other] = [await travel(reference, shape, failing), await travel(compiled, shape, failing)];
    expect(other).toEqual(one);
    return one;
  };

  test("has no problems", () => expect(validate(travelling(shape))).toEqual([]));

  test("completes where nothing fails", async () => {
    const tasks = [...shape.steps, "complete"].map((step) => `${step} succeeded`);
    expect(await both()).toEqual({ tasks, end: "completed", parkings: 0 });
  });

  test.each(failures(shape).map((failing) => [wordsOf(failing), failing] as const))(
    "%s",
    async (_, failing) => {
      const { tasks, end, parkings } = await both(failing);
      const { step, how, undo } = failing;
      if (shape.waits === false && how === "is silent") {
        expect([end, parkings]).toEqual(["completed", 1]);
        return;
      }
      if (isForward(shape, step)) {
        expect(end).toBe("completed");
        expect(parkings).toBe(how === "refuses" ? 1 : 0);
        return;
      }
      expect(end).toBe("compensated");
      expect(parkings).toBe(undo === undefined ? 0 : 1);
      const before = shape.steps.slice(0, [...shape.steps, "end"].indexOf(step) + 1);
      const undone = before.filter((each) => !shape.oneWay?.includes(each)).toReversed();
      expect(withoutRepeats(tasks.flatMap((task) => /^(undo-\w+|abandon)/.exec(task)?.[0] ?? []))).toEqual([
        ...undone.map((each) => `undo-${each}`),
        "abandon",
      ]);
    },
  );
});

/** An execution that is started anew goes through all tasks again: each counts when it succeeds first. */
const firsts = (tasks: readonly string[]) =>
  tasks.filter((task, index) => task.endsWith(" succeeded") && tasks.indexOf(task) === index);

const nobodyWaits = shapes.filter(({ waits }) => waits === false);

describe.each(nobodyWaits)("on Express, a saga $name", (shape) => {
  const [[, reference]] = stateMachines;
  const [, onExpress] = express;

  test.each(
    [undefined, ...failures(shape)].map((failing) => [failing ? wordsOf(failing) : "all goes well", failing]),
  )("does what it does elsewhere: %s", async (_, failing) => {
    const one = await travel(reference, shape, failing);
    const other = await travel(onExpress, shape, failing);
    expect({ ...other, tasks: firsts(other.tasks) }).toEqual({ ...one, tasks: firsts(one.tasks) });
  });
});
