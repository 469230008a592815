/** Events as a stream has them, for tests without a store. */
import type { Message, Metadata, RecordedEvent } from "../../lib/model/message.ts";
import type { StreamId } from "../../lib/model/stream.ts";

/** Version 1 is recorded one second after midnight, and each later version one second later. */
export const recorded = <E extends Message>(
  streamId: StreamId,
  message: E,
  metadata: Partial<Metadata> = {},
): RecordedEvent<E> => {
  const { version = 1 } = metadata;
  return {
    ...message,
    metadata: {
      id: `${streamId}@${version}`,
      streamId,
      version,
      recordedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, version)).toISOString(),
      commandId: `http/${streamId}/${version}`,
      causationId: "request",
      correlationId: "request",
      ...metadata,
    },
  };
};

/** The events of one stream, from version 1. */
export const stream = <E extends Message>(
  streamId: StreamId,
  messages: readonly E[],
): readonly RecordedEvent<E>[] =>
  messages.map((message, index) => recorded(streamId, message, { version: index + 1 }));
