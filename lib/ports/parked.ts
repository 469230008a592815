/** Streams whose events a consumer cannot take: kept with payload and error until they are redriven. */
import type { StreamId } from "../model/stream.ts";

export type ParkedStream = {
  /** The projection that cannot follow. */
  readonly consumer: string;
  readonly streamId: StreamId;
  /** The version of the event at which it stopped. */
  readonly version: number;
  readonly payload: string;
  readonly error: string;
  readonly at: string;
};

export type Parked = {
  /** Keeps it under (consumer, stream). Parking the stream again replaces it. */
  readonly park: (stream: ParkedStream) => Promise<void>;
  readonly list: () => Promise<readonly ParkedStream[]>;
  /** Forgets it; an unknown one is no error. */
  readonly release: (consumer: string, streamId: StreamId) => Promise<void>;
};
