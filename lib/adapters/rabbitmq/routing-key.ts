/**
 * Routing keys, by which events reach the queues that want them, such as `order.OrderPlaced`. An event that belongs
 * to a saga has a second key of three words, which no binding by event type matches: `saga.checkout.own` if a
 * command of the saga itself caused it, otherwise `saga.checkout.others`.
 */
import type { EventFilter } from "../../model/delivery/interest.ts";
import type { RecordedEvent } from "../../model/message.ts";
import { categoryOf } from "../../model/stream.ts";

/** The routing key of an event. */
export const routingKey = ({ type, metadata }: RecordedEvent): string =>
  `${categoryOf(metadata.streamId)}.${type}`;

/** The additional routing key of an event that belongs to a saga. */
export const furtherKeys = ({ metadata: { sagaId, commandId } }: RecordedEvent): readonly string[] => {
  const saga = sagaId?.split("/", 1)[0];
  if (saga === undefined) return [];
  return [`saga.${saga}.${commandId.startsWith(`${saga}/`) ? "own" : "others"}`];
};

/** The binding keys of a subscription. */
export const bindingKeys = ({ eventTypes, saga }: EventFilter): readonly string[] => [
  ...eventTypes.map((type) => `*.${type}`),
  ...(saga ? [`saga.${saga.name}.others`] : []),
];
