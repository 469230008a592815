/** The reference implementation of parked streams. */
import type { Parked, ParkedStream } from "../../ports/parked.ts";

/** Parked streams in memory. */
export const memoryParked = (): Parked => {
  const streams = new Map<string, ParkedStream>();
  const keyOf = (consumer: string, streamId: string) => `${consumer} ${streamId}`;

  return {
    park: async (stream) => void streams.set(keyOf(stream.consumer, stream.streamId), stream),
    list: async () => [...streams.values()],
    release: async (consumer, streamId) => void streams.delete(keyOf(consumer, streamId)),
  };
};
