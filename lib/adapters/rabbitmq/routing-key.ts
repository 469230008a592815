/**
 * How events find the queues that want them: `order.OrderPlaced`. An event that others answer for a saga has a
 * second key of three words, which no binding by event type matches.
 */
import type { RecordedEvent } from "../../model/message.ts";
import { categoryOf } from "../../model/stream.ts";

export const routingKey = ({ type, metadata }: RecordedEvent): string =>
  `${categoryOf(metadata.streamId)}.${type}`;

export const answeredByOthers = (saga: string): string => `saga.${saga}.answered`;

/** What a saga's own commands answer, its tasks find in the streams themselves. */
export const furtherKeys = ({ metadata: { sagaId, commandId } }: RecordedEvent): readonly string[] => {
  const saga = sagaId?.split("/", 1)[0];
  return saga === undefined || commandId.startsWith(`${saga}/`) ? [] : [answeredByOthers(saga)];
};
