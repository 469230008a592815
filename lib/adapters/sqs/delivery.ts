/** A message of a queue as a delivery: an event of ours, the end of a Step Functions execution, or a deadline. */
import * as z from "zod";
import { fromCloudEvent } from "../../model/events/cloud-event.ts";
import { jsonIn } from "../../model/json/json-text.ts";
import type { Delivery } from "../../ports/delivery.ts";

/** A message as SQS delivers it. */
export type Received = { readonly id: string; readonly receiveCount: number; readonly body: string };

const envelope = z.object({ source: z.string(), "detail-type": z.string(), detail: z.unknown() });

const ended = z.object({
  status: z.string(),
  input: z.string(),
  error: z.string().nullish(),
  cause: z.string().nullish(),
});

const input = z.object({ sagaId: z.string(), execution: z.string() });

const deadline = z.object({ sagaId: z.string(), task: z.string() });

const executionEnded = (detail: unknown) => {
  const { status, error, cause, ...execution } = ended.parse(detail);
  return {
    kind: "execution-ended",
    ...input.parse(jsonIn(execution.input)),
    status,
    because: [error, cause].filter(Boolean).join(": ") || "no reason given",
  } as const;
};

/** Throws, with the reason, if the body is none of these. */
export const toDelivery = ({ id, receiveCount, body }: Received): Delivery => {
  const { source, "detail-type": detailType, detail } = envelope.parse(jsonIn(body));
  if (source === "aws.states" && detailType === "Step Functions Execution Status Change")
    return { id, receiveCount, ...executionEnded(detail) };
  if (source === "eventfold.deadlines" && detailType === "Deadline")
    return { id, receiveCount, kind: "deadline", ...deadline.parse(detail) };
  return { id, receiveCount, kind: "event", event: fromCloudEvent(detail) };
};
