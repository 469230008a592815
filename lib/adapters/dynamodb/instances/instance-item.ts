/**
 * The item of a saga instance:
 *
 *     pk        "checkout/10248"
 *     notes     the history: a list of JSON texts, one per event, in the order in which they were appended
 *     seen      set of the ids of these events
 *     stands    open, compensating, parked, completed or compensated: the partition key of the status index
 *     standsAt  the sort key of the status index, a time
 *     waiting   JSON text { step, token }
 *     parked    JSON text { code, because, at, event }
 *     fault     JSON text { step, because, at }: the last error of its task
 *     restarts  number of executions after the first
 *     resumed   JSON text { how, actor, requestId, at }: the decision that started the last execution
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { RecordedEvent } from "../../../model/message.ts";
import type { AppendOptions, InstanceItem } from "../../../ports/instances.ts";
import { type Item, jsonIn, textOf } from "../attributes.ts";
import { historyIn, toEntries } from "./history-entries.ts";

const waitingOf = jsonIn("waiting", z.object({ step: z.string(), token: z.string() }));
/** Older items have no code. */
const parkedOf = jsonIn(
  "parked",
  z.object({
    code: z.string().default("execution-ended"),
    because: z.string(),
    at: z.string(),
    event: z.string().optional(),
  }),
);
const faultOf = jsonIn("fault", z.object({ step: z.string(), because: z.string(), at: z.string() }));
const resumedOf = jsonIn(
  "resumed",
  z.object({
    how: z.enum(["retry", "skip"]),
    actor: z.string().optional(),
    requestId: z.string().optional(),
    at: z.string(),
  }),
);
const kind = z.enum(["open", "compensating", "parked", "completed", "compensated"]);

/** The instance in an item. An instance without an item is unknown. */
export const fromInstanceItem = (id: string, item: Item | undefined): InstanceItem => ({
  id,
  history: historyIn(id, item?.notes?.L ?? []),
  restarts: Number(item?.restarts?.N ?? "0"),
  ...(item?.waiting && { waiting: waitingOf(item) }),
  ...(item?.parked && { parked: parkedOf(item) }),
  ...(item?.fault && { fault: faultOf(item) }),
  ...(item?.resumed && { resumed: resumedOf(item) }),
  ...(item?.stands && {
    listedStatus: { kind: kind.parse(textOf(item, "stands")), at: textOf(item, "standsAt") },
  }),
});

type Update = {
  readonly UpdateExpression: string;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
  readonly ConditionExpression?: string;
};

/**
 * Appends events to the history on the condition that it has none of them, and stores the token and the status of
 * the options.
 */
export const appendUpdate = (
  id: string,
  events: readonly RecordedEvent[],
  { waiting, listedStatus }: AppendOptions,
): Update => {
  const ids = events.map(({ metadata }) => metadata.id);
  const isAppending = ids.length > 0;
  const sets = [
    ...(isAppending ? ["notes = list_append(if_not_exists(notes, :empty), :new)"] : []),
    ...(waiting ? ["waiting = :waiting"] : []),
    ...(listedStatus ? ["stands = :stands", "standsAt = :standsAt"] : []),
  ];
  const values: Record<string, AttributeValue> = {
    ...(waiting && { ":waiting": { S: JSON.stringify(waiting) } }),
    ...(listedStatus && { ":stands": { S: listedStatus.kind }, ":standsAt": { S: listedStatus.at } }),
  };
  if (!isAppending) return { UpdateExpression: `SET ${sets.join(", ")}`, ExpressionAttributeValues: values };
  values[":empty"] = { L: [] };
  values[":new"] = { L: toEntries(id, events) };
  values[":ids"] = { SS: ids };
  for (const [index, id] of ids.entries()) values[`:id${index}`] = { S: id };
  return {
    UpdateExpression: `SET ${sets.join(", ")} ADD seen :ids`,
    ExpressionAttributeValues: values,
    ConditionExpression: `NOT (${ids.map((_, index) => `contains(seen, :id${index})`).join(" OR ")})`,
  };
};
