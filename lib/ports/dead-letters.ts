/**
 * Dead letters: messages that an effect, a saga or a translator could not handle, or that could not be delivered to
 * it.
 */
import type { ForeignEvent } from "../model/events/foreign-event.ts";
import type { RecordedEvent } from "../model/message.ts";

/** A dead letter. */
export type DeadLetter = {
  /** The message, unchanged. */
  readonly payload: string;
  /** The event in the message, if it has one that can be read. */
  readonly event?: RecordedEvent;
  /** The event of another system in the message, if its handler is a translator. */
  readonly foreign?: ForeignEvent;
  /** When the message was first sent, ISO 8601, UTC. */
  readonly at: string;
  /** Why it could not be delivered or read. Absent if it was delivered: then only its handler knows why it failed. */
  readonly because?: string;
};

/** The store of dead letters. */
export type DeadLetters = {
  /** At most `countMax` dead letters of this handler, in any order. Does not remove them. */
  readonly list: (handler: string, countMax: number) => Promise<readonly DeadLetter[]>;
  /**
   * Sends the dead letters that `choose` returns back to their handler, in that order. The others stay. After a
   * crash, a dead letter may have been sent back and still be stored. `more` means that not all dead letters could
   * be read. A dead letter that its queue never accepts stays too, and is not counted.
   */
  readonly redrive: (
    handler: string,
    choose: (deadLetters: readonly DeadLetter[]) => readonly DeadLetter[],
  ) => Promise<{ readonly count: number; readonly more: boolean }>;
};
