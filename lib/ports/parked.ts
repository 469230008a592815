/**
 * Parked streams: a consumer cannot process an event of theirs. They are stored with payload and error until they
 * are redriven.
 */
import type { StreamId } from "../model/stream.ts";

/** A stream that is parked for one consumer. */
export type ParkedStream = {
  /** The projection that cannot process the event. */
  readonly consumer: string;
  readonly streamId: StreamId;
  /** The version of the event that it cannot process. */
  readonly version: number;
  readonly payload: string;
  readonly error: string;
  readonly at: string;
};

/** Stores parked streams. */
export type Parked = {
  /** Stores it by consumer and stream. A stream that is parked again replaces the old entry. */
  readonly park: (stream: ParkedStream) => Promise<void>;
  /** All parked streams, in any order. */
  readonly list: () => Promise<readonly ParkedStream[]>;
  /** Removes it. An unknown one is not an error. */
  readonly release: (consumer: string, streamId: StreamId) => Promise<void>;
};
