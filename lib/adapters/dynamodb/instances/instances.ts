/**
 * The instances of sagas. An append is one update on the condition that none of the ids is in `seen`, and returns
 * the whole item. A failed condition is billed, so callers append only events that they did not find in the item.
 * If the SDK retries after a lost answer, its ids are in `seen`, and the answer is the stored item.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Instances } from "../../../ports/instances.ts";
import { type Item, textOf } from "../attributes.ts";
import { permanently } from "../errors.ts";
import { keyValue, statusIndex } from "../keys.ts";
import { fromStatusCursor, toStatusCursor } from "./instance-cursor.ts";
import { appendUpdate, fromInstanceItem } from "./instance-item.ts";

/**
 * At most this many events per update: a condition has at most 300 operators and 4 KB. More events take several
 * updates. The token and the status go with the last one, so that a later writer still sees all events.
 */
const eventsMax = 100;

/** The mark must fit beside the history. The log has the full reason. */
const becauseLengthMax = 2000;

const cut = <Mark extends { readonly because: string }>(mark: Mark): Mark => ({
  ...mark,
  because: mark.because.slice(0, becauseLengthMax).toWellFormed(),
});

type Table = { readonly client: DynamoDBClient; readonly table: string };

const keyOf = ({ table }: Table, id: string) => ({ TableName: table, Key: { pk: keyValue(id) } });

const send = ({ client }: Table, update: UpdateItemCommandInput) =>
  permanently(() => client.send(new UpdateItemCommand(update)));

/** Runs a conditional update. If the condition fails, nothing changes. */
const unlessRefused = async (update: () => Promise<unknown>): Promise<void> => {
  try {
    await update();
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
};

const reading =
  (place: Table): Instances["read"] =>
  async (id) => {
    const request = new GetItemCommand({ ...keyOf(place, id), ConsistentRead: true });
    const { Item: item } = await permanently(() => place.client.send(request));
    return fromInstanceItem(id, item);
  };

const appending = (place: Table): Instances["append"] => {
  const read = reading(place);

  const append: Instances["append"] = async (id, events, options = {}) => {
    const once = [...new Map(events.map((each) => [each.metadata.id, each])).values()];
    if (once.length === 0 && !options.waiting && !options.listedStatus) return read(id);
    if (once.length > eventsMax) {
      await append(id, once.slice(0, eventsMax));
      return append(id, once.slice(eventsMax), options);
    }
    const update = appendUpdate(id, once, options);
    try {
      const { Attributes } = await send(place, {
        ...keyOf(place, id),
        ...update,
        ReturnValues: "ALL_NEW",
        ...(update.ConditionExpression && { ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
      });
      return fromInstanceItem(id, Attributes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const item = error.Item ? fromInstanceItem(id, error.Item) : await read(id);
      const seen = new Set(item.history.map(({ metadata }) => metadata.id));
      const unseen = once.filter(({ metadata }) => !seen.has(metadata.id));
      if (unseen.length === once.length) throw error;
      return unseen.length === 0 && !options.waiting ? item : append(id, unseen, options);
    }
  };

  return append;
};

const listing =
  ({ client, table }: Table): Instances["list"] =>
  async ({ kind, until, limit, from }) => {
    const start: Item | "invalid" | undefined = from === undefined ? undefined : fromStatusCursor(kind, from);
    if (start === "invalid") return "invalid";
    const { Items: items = [], LastEvaluatedKey: stoppedAt } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: statusIndex,
        KeyConditionExpression: until ? "stands = :kind AND standsAt <= :until" : "stands = :kind",
        ExpressionAttributeValues: { ":kind": { S: kind }, ...(until && { ":until": { S: until } }) },
        ScanIndexForward: false,
        // One more than the page shows whether there is a next page.
        Limit: limit + 1,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    const ids = items.slice(0, limit).map((item) => textOf(item, "pk"));
    const last = items.length > limit ? items[limit - 1] : stoppedAt;
    return last ? { ids, next: toStatusCursor(last) } : { ids };
  };

/** The instances of sagas in a table. */
export const dynamoInstances = (client: DynamoDBClient, table: string): Instances => {
  const place = { client, table };

  return {
    read: reading(place),
    append: appending(place),
    list: listing(place),

    setListedStatus: (id, { kind, at }, count) =>
      unlessRefused(() =>
        send(place, {
          ...keyOf(place, id),
          UpdateExpression: "SET stands = :stands, standsAt = :standsAt",
          ConditionExpression: "size(notes) <= :count",
          ExpressionAttributeValues: {
            ":stands": { S: kind },
            ":standsAt": { S: at },
            ":count": { N: `${count}` },
          },
        }),
      ),

    park: async (id, mark) => {
      const { Attributes } = await send(place, {
        ...keyOf(place, id),
        UpdateExpression: mark ? "SET parked = :parked" : "REMOVE parked",
        ...(mark && { ExpressionAttributeValues: { ":parked": { S: JSON.stringify(cut(mark)) } } }),
        ReturnValues: "ALL_NEW",
      });
      return fromInstanceItem(id, Attributes);
    },

    fail: (id, fault) =>
      unlessRefused(() =>
        client.send(
          new UpdateItemCommand({
            ...keyOf(place, id),
            UpdateExpression: "SET fault = :fault",
            ConditionExpression: "attribute_exists(pk)",
            ExpressionAttributeValues: { ":fault": { S: JSON.stringify(cut(fault)) } },
          }),
        ),
      ),

    restart: async (id, decision) => {
      const { Attributes } = await send(place, {
        ...keyOf(place, id),
        UpdateExpression: "SET resumed = :resumed ADD restarts :one",
        ExpressionAttributeValues: { ":one": { N: "1" }, ":resumed": { S: JSON.stringify(decision) } },
        ReturnValues: "UPDATED_NEW",
      });
      return Number(Attributes?.restarts?.N);
    },
  };
};
