/**
 * The instances of sagas:
 *
 *     pk        "checkout/10248"
 *     notes     list of JSON texts, an event each, in the order in which they were noted
 *     seen      set of the ids of those events
 *     waiting   JSON text { step, token }
 *     parked    JSON text { because, at }
 *     restarts  executions beyond the first
 *     resumed   JSON text { how, actor, requestId, at }: the decision by which the last of them was started
 *
 * Noting is one update on the condition that none of the ids is seen, and brings the whole item back. A failed
 * condition is billed, so callers note only what they have not read there. A retry of the SDK after a lost answer
 * finds its ids seen, and answers with what stands there.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { RecordedEvent } from "../../model/message.ts";
import type { InstanceItem, Instances, WaitingToken } from "../../ports/instances.ts";
import { type Item, jsonOf } from "./attributes.ts";

/**
 * An update takes so many events: a condition has at most 300 operators and 4 KB. More are noted one update after
 * the other, the token with the last, so that whoever comes later still sees them all.
 */
const eventsMax = 100;

const waiting = z.object({ step: z.string(), token: z.string() });
const parked = z.object({ because: z.string(), at: z.string() });
const resumed = z.object({
  how: z.enum(["retry", "skip"]),
  actor: z.string().optional(),
  requestId: z.string().optional(),
  at: z.string(),
});
/** We alone write the notes: an event whole, as it was. */
const isEvent = (value: unknown): value is RecordedEvent =>
  typeof value === "object" && value !== null && "metadata" in value;

const noteIn = (id: string, { S: text = "null" }: AttributeValue): RecordedEvent => {
  const event: unknown = JSON.parse(text);
  if (!isEvent(event)) throw new Error(`a note of ${id} is ${text}`);
  return event;
};

const fromItem = (id: string, item: Item | undefined): InstanceItem => ({
  id,
  notes: (item?.notes?.L ?? []).map((note) => noteIn(id, note)),
  restarts: Number(item?.restarts?.N ?? "0"),
  ...(item?.waiting && { waiting: jsonOf(item, "waiting", waiting) }),
  ...(item?.parked && { parked: jsonOf(item, "parked", parked) }),
  ...(item?.resumed && { resumed: jsonOf(item, "resumed", resumed) }),
});

type Update = {
  readonly expression: string;
  readonly values: Record<string, AttributeValue>;
  readonly condition?: string;
};

const updateOf = (events: readonly RecordedEvent[], token: WaitingToken | undefined): Update => {
  const values: Record<string, AttributeValue> = {};
  if (token) values[":waiting"] = { S: JSON.stringify(token) };
  if (events.length === 0) return { expression: "SET waiting = :waiting", values };
  const ids = events.map(({ metadata }) => metadata.id);
  values[":empty"] = { L: [] };
  values[":new"] = { L: events.map((each) => ({ S: JSON.stringify(each) })) };
  values[":ids"] = { SS: ids };
  for (const [index, id] of ids.entries()) values[`:id${index}`] = { S: id };
  const notes = "notes = list_append(if_not_exists(notes, :empty), :new)";
  return {
    expression: `SET ${notes}${token ? ", waiting = :waiting" : ""} ADD seen :ids`,
    values,
    condition: `NOT (${ids.map((_, index) => `contains(seen, :id${index})`).join(" OR ")})`,
  };
};

export const dynamoInstances = (client: DynamoDBClient, table: string): Instances => {
  const keyOf = (id: string) => ({ TableName: table, Key: { pk: { S: id } } });

  const note: Instances["note"] = async (id, events, token) => {
    const once = [...new Map(events.map((each) => [each.metadata.id, each])).values()];
    if (once.length === 0 && !token) return read(id);
    if (once.length > eventsMax) {
      await note(id, once.slice(0, eventsMax));
      return note(id, once.slice(eventsMax), token);
    }
    const { expression, values, condition } = updateOf(once, token);
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          ...keyOf(id),
          UpdateExpression: expression,
          ExpressionAttributeValues: values,
          ReturnValues: "ALL_NEW",
          ...(condition && {
            ConditionExpression: condition,
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        }),
      );
      return fromItem(id, Attributes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const item = error.Item ? fromItem(id, error.Item) : await read(id);
      const seen = new Set(item.notes.map(({ metadata }) => metadata.id));
      const unseen = once.filter(({ metadata }) => !seen.has(metadata.id));
      if (unseen.length === once.length) throw error;
      return unseen.length === 0 && !token ? item : note(id, unseen, token);
    }
  };

  const read: Instances["read"] = async (id) => {
    const { Item: item } = await client.send(new GetItemCommand({ ...keyOf(id), ConsistentRead: true }));
    return fromItem(id, item);
  };

  return {
    read,
    note,
    park: async (id, mark) => {
      await client.send(
        new UpdateItemCommand({
          ...keyOf(id),
          UpdateExpression: mark ? "SET parked = :parked" : "REMOVE parked",
          ...(mark && { ExpressionAttributeValues: { ":parked": { S: JSON.stringify(mark) } } }),
        }),
      );
    },
    restart: async (id, decision) => {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          ...keyOf(id),
          UpdateExpression: "SET resumed = :resumed ADD restarts :one",
          ExpressionAttributeValues: { ":one": { N: "1" }, ":resumed": { S: JSON.stringify(decision) } },
          ReturnValues: "UPDATED_NEW",
        }),
      );
      return Number(Attributes?.restarts?.N);
    },
  };
};
