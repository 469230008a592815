/** What can go wrong in a saga, read off its definition: a step that somebody adds is covered by that alone. */
import type { Application } from "../../../lib/model/application.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { AnySaga, Step } from "../../../lib/model/saga.ts";
import { answerSeconds, instanceIn, instancesOf } from "../../../lib/model/sagas/instance.ts";

/**
 * What becomes of a step's commands, or of the answer that it waits for:
 * - refused: the stream rejects the command.
 * - failed: the answer is one of those that the step fails by.
 * - silent: nobody hears of it until everybody has given up.
 * - late: it arrives in the moment in which the step's time is over, or somewhat later.
 * - twice: it arrives again when the saga is already further.
 */
export type Fault = {
  readonly task: string;
  readonly of: "command" | "answer";
  readonly how: "refused" | "failed" | "silent" | "late" | "too late" | "twice";
};

/** How the way back is barred: by a fault that is over soon, or until an operator has seen to it. */
export type Hindrance = { readonly task: string; readonly how: "faults once" | "refused" | "silent" };

type Asked = Pick<Application<never>, "effects">;

/** The effect that answers this step, if one does. */
export const answeringEffect = ({ effects }: Asked, { send, succeeds }: Step<never>) =>
  effects.find(
    ({ on, answers }) => answers.length > 0 && on.category === send.command.category && succeeds.length > 0,
  );

export const isFromOutside = ({ succeeds }: Step<never>): boolean =>
  succeeds.some(({ instance }) => instance);

const waysOfCommands = ["refused", "silent", "late", "too late", "twice"] as const;
const waysOfAnswers = ["failed", "silent", "late", "too late", "twice"] as const;

const faultsOfStep = (application: Asked, step: Step<never>): readonly Fault[] => {
  const isAnswered = isFromOutside(step) || answeringEffect(application, step) !== undefined;
  const answers = waysOfAnswers.filter((how) => isAnswered && (how !== "failed" || step.fails.length > 0));
  const task = step.name;
  return [
    ...waysOfCommands.map((how): Fault => ({ task, of: "command", how })),
    ...answers.map((how): Fault => ({ task, of: "answer", how })),
  ];
};

/** What an instance can meet on its way forth, and what on its way back. */
export const dimensionsOf = (application: Asked, saga: AnySaga, start: RecordedEvent) => {
  const skips = instancesOf(saga, start).flatMap((id) => instanceIn(saga, id, [start])?.skips ?? []);
  const steps = saga.steps.filter(({ name }) => !skips.includes(name));
  const pivot = steps.findIndex((step) => step.pivot);
  const places = [...steps.map(({ name }) => name), "complete"];

  const completion = waysOfCommands.map((how): Fault => ({ task: "complete", of: "command", how }));
  const faults = [...steps.flatMap((step) => faultsOfStep(application, step)), ...completion];

  /** Whether the saga turns back, which lateness may or may not make it. */
  const turnsBack = ({ task, how }: Fault): "surely" | "perhaps" | "never" => {
    if (how === "twice" || (pivot >= 0 && places.indexOf(task) > pivot)) return "never";
    return how === "late" ? "perhaps" : "surely";
  };

  /** The ways to bar each undo that is on the way back from this task. */
  const hindrancesFrom = (task: string): readonly Hindrance[] => {
    const undone = steps.slice(0, places.indexOf(task) + 1).filter(({ undo }) => undo);
    const compensating = [...undone.map(({ name }) => `undo-${name}`), "abandon"];
    return compensating.flatMap((each) =>
      (["faults once", "refused", "silent"] as const).map((how) => ({ task: each, how })),
    );
  };

  return {
    skips,
    faults,
    turnsBack,
    hindrancesFrom,
    /** Where a cancellation is noticed at the latest. */
    last: steps[pivot]?.name ?? "complete",
    /** How long all its waits last. */
    waitSeconds: steps.reduce((sum, { timeoutSeconds }) => sum + timeoutSeconds, answerSeconds),
  };
};

export type Dimensions = ReturnType<typeof dimensionsOf>;
