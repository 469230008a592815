/** What an event-source mapping reads from. A source that is none of the others is told so as a stream. */
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
