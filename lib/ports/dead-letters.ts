/** Messages that an effect, a saga or a translator could not handle, or that could not be delivered to it. */
import type { ForeignEvent } from "../model/events/foreign-event.ts";
import type { RecordedEvent } from "../model/message.ts";

export type DeadLetter = {
  /** The message as it came. */
  readonly payload: string;
  /** The event in it, if it holds one that can be read. */
  readonly event?: RecordedEvent;
  /** The event of another system in it, if its handler is a translator. */
  readonly foreign?: ForeignEvent;
  /** When the message was first sent, ISO 8601, UTC. */
  readonly at: string;
  /** Why it could not be delivered or read. If it could, only its handler knows the reason. */
  readonly because?: string;
};

export type DeadLetters = {
  /** At most `countMax` dead letters of this handler, in no order. They stay where they are. */
  readonly list: (handler: string, countMax: number) => Promise<readonly DeadLetter[]>;
  /**
   * Sends those that `choose` answers back to their handler, in that order. The others stay. After a crash in between,
   * one may have been sent back and still be a dead letter. `more` says that not all could be looked at. A dead letter
   * that its queue never accepts stays too, and is not counted.
   */
  readonly redrive: (
    handler: string,
    choose: (deadLetters: readonly DeadLetter[]) => readonly DeadLetter[],
  ) => Promise<{ readonly count: number; readonly more: boolean }>;
};
