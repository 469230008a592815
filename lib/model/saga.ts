import type { Command, RecordedEvent } from "./message.ts";
import { type CommandReference, type EventBy, type EventReference, isA } from "./reference.ts";

/** Which command is sent, as data, and how it is made from what is known then. */
export type Sending<Known extends readonly unknown[]> = {
  readonly command: CommandReference;
  readonly make: (...known: Known) => readonly Command[];
};

const listOf = <T extends object>(one: T | readonly T[]): readonly T[] => (isList(one) ? one : [one]);
const isList = <T extends object>(one: T | readonly T[]): one is readonly T[] => Array.isArray(one);

/** One command, or with an array one per element; they address different streams. */
export const sending = <
  Known extends readonly unknown[],
  Data extends object,
  const Made extends Data | readonly Data[],
>(
  command: CommandReference & ((data: Data) => Command),
  data: (...known: Known) => Made,
): Sending<Known> => ({
  command,
  make: (...known) => listOf<Data>(data(...known)).map((each) => command(each)),
});

/** An event that ends a step; `instance` finds the instance of those that carry no `sagaId`. */
export type Outcome = EventReference & { readonly instance?: (event: RecordedEvent) => string | undefined };

/** An outcome that the saga did not cause, such as a person's decision. The event says which instance it is for. */
export const fromOutside = <R extends EventReference>(
  reference: R,
  identifiedBy: (event: EventBy<R>) => string,
) => ({
  ...reference,
  instance: (event: RecordedEvent) => (isA(reference, event) ? identifiedBy(event) : undefined),
});

/** The outcome events of the steps done so far. */
export type Outcomes = {
  readonly all: <R extends EventReference>(reference: R) => readonly EventBy<R>[];
  /** Throws unless there is exactly one. */
  readonly one: <R extends EventReference>(reference: R) => EventBy<R>;
};

/** Why a saga compensates or is parked. */
export type Reason =
  | { readonly kind: "rejected"; readonly step: string; readonly code: string; readonly because: string }
  | { readonly kind: "failed"; readonly step: string; readonly event: string }
  | { readonly kind: "timed-out"; readonly step: string };

/**
 * Each command of a step is decided by one of these in the stream it was addressed to: an event of
 * `succeeds` or `fails` that belongs to this instance, its rejection, or its expiry. The first in the history
 * decides, and a decided command stays decided.
 * A step succeeds when all its commands have, and fails when one has.
 */
export type Step<Start> = {
  readonly name: string;
  readonly send: Sending<[start: Start, outcomes: Outcomes]>;
  readonly succeeds: readonly Outcome[];
  readonly fails: readonly Outcome[];
  readonly timeoutSeconds: number;
  /**
   * What the command's own decision records decides the step: nobody waits for anybody else. A command that is taken
   * and records none of the outcomes parks the saga. Steps of this kind that follow each other are done in one go, as
   * far as only the first has an undo.
   */
  readonly waits?: false;
  /**
   * Instances for whose start this is false have no such step, and no undo of it. Without it all have it; a pivot
   * is in all of them. It is asked again and again, so it knows nothing but the start, not even constants that may
   * change. Later steps find no outcome of a step that there is not.
   */
  readonly onlyIf?: (start: Start) => boolean;
  /**
   * Undo if done: runs for every step done and for the failing one, which may have been done in part.
   * Knows only the start, for there may be no outcome. If it is rejected or not answered, the saga is parked.
   */
  readonly undo?: Sending<[start: Start]>;
  /** Once this step has succeeded the saga only goes forward: what times out is sent again, other failures park. */
  readonly pivot?: true;
};

/**
 * Steps one after the other, then `completes`; after a failure the compensations
 * in reverse order, the failing step's own first, then `abandons`.
 * Before anything is undone, the failing step's undecided commands expire:
 * what has not happened can no longer happen, what has happened is undone.
 * A rejected `completes` compensates every step, unless there was a pivot; nothing undoes `completes` itself.
 * A parked saga does nothing more until a person resumes it.
 */
export type Saga<StartsOn extends EventReference, Start = EventBy<StartsOn>> = {
  readonly name: string;
  readonly startsOn: StartsOn;
  /** One instance per id, however often its start is delivered. */
  readonly identifiedBy: (start: Start) => string;
  readonly steps: readonly Step<Start>[];
  readonly completes: Sending<[start: Start, outcomes: Outcomes]>;
  readonly abandons: Sending<[start: Start, reason: Reason]>;
};

export type AnySaga = Saga<EventReference, never>;

/** The names of its steps that somebody else than their own command may decide. */
export const stepsThatWait = ({ steps }: AnySaga): readonly string[] =>
  steps.filter(({ waits }) => waits !== false).map(({ name }) => name);

/** All that a saga may send: for checks, diagrams and permissions. */
export const commandsOf = ({ steps, completes, abandons }: AnySaga): readonly CommandReference[] =>
  [...steps.flatMap(({ send, undo }) => (undo ? [send, undo] : [send])), completes, abandons].map(
    ({ command }) => command,
  );
