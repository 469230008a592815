/** What can go wrong in a saga, derived from its definition, so that a new step is covered without more work. */
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { AnySaga, Step } from "../../../lib/model/saga.ts";
import { answerSeconds, instanceIn, instancesOf } from "../../../lib/model/sagas/instance.ts";

/**
 * What happens to the commands of a step, or to the answer that it waits for:
 * - refused: the stream rejects the command.
 * - failed: the answer is a failure of the step.
 * - silent: it arrives only after the saga and its engine have given up.
 * - late: it arrives at the moment of the timeout, or slightly later.
 * - twice: it arrives again when the saga is already at a later step.
 */
export type Fault = {
  readonly task: string;
  readonly of: "command" | "answer";
  readonly how: "refused" | "failed" | "silent" | "late" | "too late" | "twice";
};

/** How an undo is blocked: by a fault that passes, or until an operator resolves it. */
export type Hindrance = { readonly task: string; readonly how: "faults once" | "refused" | "silent" };

type Asked = Pick<AnyApplication, "effects">;

/** The effect that answers this step, if there is one. */
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

/** What can go wrong for an instance on its way forward and on its way back. */
export const dimensionsOf = (application: Asked, saga: AnySaga, start: RecordedEvent) => {
  const skips = instancesOf(saga, start).flatMap((id) => instanceIn(saga, id, [start])?.skips ?? []);
  const steps = saga.steps.filter(({ name }) => !skips.includes(name));
  const pivot = steps.findIndex((step) => step.pivot);
  const places = [...steps.map(({ name }) => name), "complete"];

  const completion = waysOfCommands.map((how): Fault => ({ task: "complete", of: "command", how }));
  const faults = [...steps.flatMap((step) => faultsOfStep(application, step)), ...completion];

  /** Whether the fault makes the saga compensate. Lateness may or may not do so. */
  const turnsBack = ({ task, how }: Fault): "surely" | "perhaps" | "never" => {
    if (how === "twice" || (pivot >= 0 && places.indexOf(task) > pivot)) return "never";
    return how === "late" ? "perhaps" : "surely";
  };

  /** The ways to block each undo on the way back from this task. */
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
    /** The last task that can notice a cancellation. */
    last: steps[pivot]?.name ?? "complete",
    /** The total time of all its waits. */
    waitSeconds: steps.reduce((sum, { timeoutSeconds }) => sum + timeoutSeconds, answerSeconds),
  };
};

export type Dimensions = ReturnType<typeof dimensionsOf>;
