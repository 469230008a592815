/**
 * The kind of source that an event source mapping reads. A source of no other kind is treated as a stream, whose schema
 * then refuses it.
 */
import type { Resource } from "../service/service.ts";

export type SourceKind = "stream" | "queue" | "kafka" | "mq";

const kinds: readonly (readonly [kind: SourceKind, arn: RegExp])[] = [
  ["queue", /^arn:[^:]+:sqs:/],
  ["kafka", /^arn:[^:]+:kafka:/],
  ["mq", /^arn:[^:]+:mq:/],
];

export const sourceKindOf = ({ properties }: Pick<Resource, "properties">): SourceKind => {
  if (properties.SelfManagedEventSource !== undefined) return "kafka";
  const arn = String(properties.EventSourceArn);
  return kinds.find(([, pattern]) => pattern.test(arn))?.[0] ?? "stream";
};
