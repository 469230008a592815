/**
 * The compiled state machine agrees with the reference engine, and both agree with the definition, for each failing
 * step and each failing undo: the same tasks in the same order, with the same verdicts and the same end.
 */
import { describe, expect, test } from "vitest";
import { validate } from "../../lib/model/validation/validate.ts";
import {
  closeShelf,
  lendingWith,
  libraryWith,
  openShelf,
  request,
  type Shape,
  shapes,
} from "../library/fixtures/closable-shelves.ts";
import { problemsOf } from "./checkers.ts";
import { type MakeEngine, stateMachines } from "./engines.ts";
import { type Deployments, formerExpress } from "./former-express.ts";
import { world } from "./world.ts";

const whileSeconds = 1200;

type Failing = {
  readonly step: string;
  readonly how: "refuses" | "is silent" | "cannot be handled";
  /** A step whose undo is refused until an operator opens the shelf. "start" means the abandonment. */
  readonly undo?: string;
};

type Played = {
  readonly tasks: readonly string[];
  readonly end: string | undefined;
  readonly parkings: number;
};

const withoutRepeats = (tasks: readonly string[]) => tasks.filter((task, index) => task !== tasks[index - 1]);

const play = async (makeEngine: MakeEngine, shape: Shape, failing?: Failing): Promise<Played> => {
  const saga = lendingWith(shape);
  const library = world(libraryWith(shape), {}, makeEngine, { name: "in order", seed: 1, copies: 1 });
  if (failing?.how === "cannot be handled") library.broken.add(`lending/1/${taskOf(failing.step)}/`);
  else if (failing) await library.request(closeShelf(failing.step, "readers", failing.how));
  if (failing?.undo !== undefined) await library.request(closeShelf(failing.undo, "returns", "refuses"));
  await library.request(request());
  await library.pass(whileSeconds);
  const stalled = (await library.statusOf(saga, "1"))?.kind;
  library.broken.clear();
  let parkings = 0;
  for (const book of [failing?.step, failing?.undo])
    if (book !== undefined && ["parked", "running", "waiting"].includes(stalled ?? ""))
      await library.request(openShelf(book));
  while ((await library.statusOf(saga, "1"))?.kind === "parked") {
    parkings += 1;
    await library.operate({ action: "resume", sagaId: "lending/1", how: "retry" });
    await library.pass(whileSeconds);
  }
  await library.pass(whileSeconds);
  expect(await problemsOf(library)).toEqual([]);
  const tasks = library.log
    .entries()
    .flatMap(({ kind, step, progress }) => (kind === "step" ? [`${step} ${progress}`] : []));
  return { tasks: withoutRepeats(tasks), end: (await library.statusOf(saga, "1"))?.kind, parkings };
};

/** The completion reserves the book `end`. */
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
      // The completion needs an answer, not a certain event.
      .filter((how) => step !== "end" || how !== "is silent")
      .flatMap((how): readonly Failing[] => {
        const turnsBack = shape.waits !== false || how !== "is silent";
        if (isForward(shape, step) || !turnsBack) return [{ step, how }];
        const undoable = steps.slice(0, index + 1).filter((undo) => !oneWay.includes(undo));
        return [{ step, how }, ...[...undoable, "start"].map((undo) => ({ step, how, undo }))];
      }),
  );
};

const wordsOf = ({ step, how, undo }: Failing) =>
  `${step} ${how}${undo === undefined ? "" : ` and the shelf of ${undo} accepts no returns`}`;

describe.each(shapes)("a saga $name", (shape) => {
  const [[, reference], [, compiled]] = stateMachines;
  const both = async (failing?: Failing) => {
    const [one, other] = [await play(reference, shape, failing), await play(compiled, shape, failing)];
    expect(other).toEqual(one);
    return one;
  };

  test("has no problems", () => expect(validate(libraryWith(shape))).toEqual([]));

  test("completes if nothing fails", async () => {
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

/** An execution that is restarted runs all tasks again. Only the first success of each task counts. */
const firsts = (tasks: readonly string[]) =>
  tasks.filter((task, index) => task.endsWith(" succeeded") && tasks.indexOf(task) === index);

const withoutWaits = shapes.filter(({ waits }) => waits === false);

/** Without faults, an execution lasts about a tenth of a second. With faults, its retries last half a minute. */
const moments = [0, 20, 50, 100, 5000, 400_000];

const deployments: readonly Deployments[] = moments.flatMap((at) => [
  { at },
  ...[300, 100_000].map((later) => ({ at, back: at + later })),
]);

describe.each(withoutWaits)("a saga $name that runs on Express when a choreography is deployed", (shape) => {
  const [[, reference]] = stateMachines;

  test.each(
    [undefined, ...failures(shape)].map((failing) => [failing ? wordsOf(failing) : "nothing fails", failing]),
  )("has the same result as the reference engine: %s", async (_, failing) => {
    // A choreography also reports that a step without an undo is undone.
    const nothing = shape.oneWay?.map((step) => `undo-${step} succeeded`);
    const result = ({ tasks, end }: Played) => ({
      end,
      tasks: firsts(tasks)
        .filter((task) => !nothing?.includes(task))
        .toSorted(),
    });
    const expected = result(await play(reference, shape, failing));
    for (const each of deployments) {
      const found = result(await play(formerExpress(each), shape, failing));
      expect({ ...each, ...found }).toEqual({ ...each, ...expected });
    }
  });
});
