/** The messages that an effect, a saga or a translator could not work off, or that could not even be delivered to it. */
import type { ForeignEvent } from "../model/events/foreign-event.ts";
import type { RecordedEvent } from "../model/message.ts";

export type DeadLetter = {
  /** The message as it came. */
  readonly payload: string;
  /** The event in it, where it holds one that can be read. */
  readonly event?: RecordedEvent;
  /** The event of another system in it, where its handler is a translator. */
  readonly foreign?: ForeignEvent;
  /** When the message was first sent, ISO 8601, UTC. */
  readonly at: string;
  /** Why it could not be delivered or read; where it could, only its handler knows. */
  readonly because?: string;
};

export type DeadLetters = {
  /** At most so many dead letters of the handler of this name, in no order. They stay where they are. */
  readonly list: (handler: string, countMax: number) => Promise<readonly DeadLetter[]>;
  /**
   * Gives those that `choose` answers to their handler again, in its order; the others stay. Who dies in between leaves
   * one that is both given again and a dead letter still. There is `more` where not all could be looked at.
   * A letter that its queue never takes stays, too, and is not counted.
   */
  readonly redrive: (
    handler: string,
    choose: (letters: readonly DeadLetter[]) => readonly DeadLetter[],
  ) => Promise<{ readonly count: number; readonly more: boolean }>;
};
