import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { dynamoInstances } from "../../../../lib/adapters/dynamodb/instances/instances.ts";
import { PermanentError } from "../../../../lib/ports/permanent-error.ts";
import { recordedEvent } from "../../../../lib/testing/contracts/samples/recorded-event.ts";
import { conditionFailed, faults, refusal } from "../faults.ts";

const client = new DynamoDBClient({ region: "eu-central-1" });
const dynamo = mockClient(client);
const instances = dynamoInstances(client, "instances");
const id = "checkout/1";
const key = { TableName: "instances", Key: { pk: { S: id } } };

beforeEach(() => {
  dynamo.reset();
});

const sent = () => dynamo.calls().map(({ args: [{ input }] }) => input);

const event = (version: number) => recordedEvent(version);
const eventId = (version: number) => `order-1@${version}`;
const waiting = { step: "pay", token: "token-1" };

/** The item after these events are appended. */
const item = (versions: readonly number[], more = {}) => ({
  pk: { S: id },
  notes: { L: versions.map((version) => ({ S: JSON.stringify(event(version)) })) },
  seen: { SS: versions.map(eventId) },
  ...more,
});

const stored = (versions: readonly number[], more = {}) => ({
  id,
  history: versions.map(event),
  restarts: 0,
  ...more,
});

/** The one update that appends these events. */
const appendUpdate = (versions: readonly number[], token?: typeof waiting) => ({
  ...key,
  UpdateExpression: `SET notes = list_append(if_not_exists(notes, :empty), :new)${token ? ", waiting = :waiting" : ""} ADD seen :ids`,
  ConditionExpression: `NOT (${versions.map((_, index) => `contains(seen, :id${index})`).join(" OR ")})`,
  ExpressionAttributeValues: {
    ...(token && { ":waiting": { S: JSON.stringify(token) } }),
    ":empty": { L: [] },
    ":new": { L: versions.map((version) => ({ S: JSON.stringify(event(version)) })) },
    ":ids": { SS: versions.map(eventId) },
    ...Object.fromEntries(versions.map((version, index) => [`:id${index}`, { S: eventId(version) }])),
  },
  ReturnValues: "ALL_NEW",
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
});

describe("read", () => {
  test("is one strongly consistent GetItem", async () => {
    dynamo.on(GetItemCommand).resolves({
      Item: item([1, 2], {
        waiting: { S: JSON.stringify(waiting) },
        parked: { S: '{"because":"it failed","at":"2026-01-01"}' },
        restarts: { N: "2" },
      }),
    });
    expect(await instances.read(id)).toEqual(
      stored([1, 2], {
        waiting,
        parked: { code: "execution-ended", because: "it failed", at: "2026-01-01" },
        restarts: 2,
      }),
    );
    expect(sent()).toEqual([{ ...key, ConsistentRead: true }]);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(GetItemCommand).rejects(error);
    await expect(instances.read(id)).rejects.toBe(error);
  });

  test("an entry that this adapter did not write is reported", async () => {
    dynamo.on(GetItemCommand).resolves({ Item: { ...item([1]), notes: { L: [{ S: "1" }] } } });
    await expect(instances.read(id)).rejects.toThrow("a history entry of checkout/1 is not an event: 1");
  });
});

describe("append", () => {
  test("is one update on the condition that none of the ids is seen, and returns the item", async () => {
    dynamo.on(UpdateItemCommand).resolves({ Attributes: item([1, 2, 3]) });
    expect(await instances.append(id, [event(2), event(3)])).toEqual(stored([1, 2, 3]));
    expect(sent()).toEqual([appendUpdate([2, 3])]);
  });

  test("stores the token in the same update", async () => {
    const Attributes = item([1], { waiting: { S: JSON.stringify(waiting) } });
    dynamo.on(UpdateItemCommand).resolves({ Attributes });
    expect(await instances.append(id, [event(1)], { waiting })).toEqual(stored([1], { waiting }));
    expect(sent()).toEqual([appendUpdate([1], waiting)]);
  });

  test("a token alone is an update without a condition", async () => {
    dynamo.on(UpdateItemCommand).resolves({ Attributes: item([1]) });
    await instances.append(id, [], { waiting });
    expect(sent()).toEqual([
      {
        ...key,
        UpdateExpression: "SET waiting = :waiting",
        ExpressionAttributeValues: { ":waiting": { S: JSON.stringify(waiting) } },
        ReturnValues: "ALL_NEW",
      },
    ]);
  });

  test("of nothing is a read", async () => {
    dynamo.on(GetItemCommand).resolves({ Item: item([1]) });
    expect(await instances.append(id, [])).toEqual(stored([1]));
    expect(sent()).toEqual([{ ...key, ConsistentRead: true }]);
  });

  test("ConditionalCheckFailedException with the item: events that are seen are dropped, the others are appended", async () => {
    dynamo
      .on(UpdateItemCommand)
      .rejectsOnce(conditionFailed(item([1])))
      .rejectsOnce(conditionFailed(item([1, 2])))
      .resolvesOnce({ Attributes: item([1, 2, 3]) });
    expect(await instances.append(id, [event(1), event(2), event(3)], { waiting })).toEqual(
      stored([1, 2, 3]),
    );
    expect(sent()).toEqual([
      appendUpdate([1, 2, 3], waiting),
      appendUpdate([2, 3], waiting),
      appendUpdate([3], waiting),
    ]);
  });

  test("if all are seen, the item of the failure is the answer, without another request", async () => {
    dynamo.on(UpdateItemCommand).rejects(conditionFailed(item([1, 2])));
    expect(await instances.append(id, [event(1), event(2)])).toEqual(stored([1, 2]));
    expect(sent()).toHaveLength(1);
  });

  test("if all are seen, the token is still stored", async () => {
    dynamo
      .on(UpdateItemCommand)
      .rejectsOnce(conditionFailed(item([1])))
      .resolvesOnce({ Attributes: item([1], { waiting: { S: JSON.stringify(waiting) } }) });
    expect(await instances.append(id, [event(1)], { waiting })).toEqual(stored([1], { waiting }));
    expect(sent().slice(1)).toMatchObject([{ UpdateExpression: "SET waiting = :waiting" }]);
  });

  test("ConditionalCheckFailedException without the item: it is read, strongly consistent", async () => {
    dynamo
      .on(UpdateItemCommand)
      .rejectsOnce(conditionFailed())
      .resolvesOnce({ Attributes: item([1, 2]) });
    dynamo.on(GetItemCommand).resolves({ Item: item([1]) });
    expect(await instances.append(id, [event(1), event(2)])).toEqual(stored([1, 2]));
    expect(sent()).toEqual([appendUpdate([1, 2]), { ...key, ConsistentRead: true }, appendUpdate([2])]);
  });

  test("a condition that fails although no event is seen is a bug: it is thrown, not retried forever", async () => {
    const error = conditionFailed(item([7]));
    dynamo.on(UpdateItemCommand).rejects(error);
    await expect(instances.append(id, [event(1)])).rejects.toBe(error);
    expect(sent()).toHaveLength(1);
  });

  test("takes a hundred events per update, the token with the last", async () => {
    dynamo.on(UpdateItemCommand).resolves({ Attributes: item([]) });
    const versions = Array.from({ length: 130 }, (_, index) => index + 1);
    await instances.append(id, versions.map(event), { waiting });
    expect(sent()).toEqual([
      appendUpdate(versions.slice(0, 100)),
      appendUpdate(versions.slice(100), waiting),
    ]);
  });

  test("the condition of a hundred events is within the limits of an expression", async () => {
    dynamo.on(UpdateItemCommand).resolves({ Attributes: item([]) });
    await instances.append(
      id,
      Array.from({ length: 100 }, (_, index) => event(index + 1)),
    );
    const [call] = dynamo.commandCalls(UpdateItemCommand);
    const condition = call?.args[0].input.ConditionExpression ?? "";
    expect(condition.match(/contains/g)).toHaveLength(100);
    expect(condition.length).toBeLessThan(4096);
    expect(condition.match(/contains|OR|NOT/g)?.length).toBeLessThan(300);
  });

  test("an item that DynamoDB refuses because of its content is permanent", async () => {
    dynamo.on(UpdateItemCommand).rejects(refusal).on(GetItemCommand).rejects(refusal);
    await expect(instances.read(id)).rejects.toThrow(PermanentError);
    await expect(instances.append(id, [event(1)])).rejects.toThrow(PermanentError);
    await expect(instances.setListedStatus(id, { kind: "open", at: "" }, 1)).rejects.toThrow(PermanentError);
    await expect(instances.park(id, undefined)).rejects.toThrow(PermanentError);
    await expect(instances.restart(id, { how: "retry", at: "" })).rejects.toThrow(PermanentError);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(UpdateItemCommand).rejects(error);
    await expect(instances.append(id, [event(1)])).rejects.toBe(error);
    await expect(instances.append(id, [], { waiting })).rejects.toBe(error);
  });
});

describe("park and restart", () => {
  test("adding and removing the mark is one update each", async () => {
    dynamo.on(UpdateItemCommand).resolves({});
    const parked = { code: "execution-failed", because: "it failed", at: "2026-01-01" };
    await instances.park(id, parked);
    await instances.park(id, undefined);
    expect(sent()).toEqual([
      {
        ...key,
        UpdateExpression: "SET parked = :parked",
        ExpressionAttributeValues: { ":parked": { S: JSON.stringify(parked) } },
        ReturnValues: "ALL_NEW",
      },
      { ...key, UpdateExpression: "REMOVE parked", ReturnValues: "ALL_NEW" },
    ]);
  });

  const decision = { how: "retry", actor: "ada", requestId: "http/1", at: "2026-01-01" } as const;

  test("counting a restart is one update", async () => {
    dynamo.on(UpdateItemCommand).resolves({ Attributes: { restarts: { N: "3" } } });
    expect(await instances.restart(id, decision)).toBe(3);
    expect(sent()).toEqual([
      {
        ...key,
        UpdateExpression: "SET resumed = :resumed ADD restarts :one",
        ExpressionAttributeValues: { ":one": { N: "1" }, ":resumed": { S: JSON.stringify(decision) } },
        ReturnValues: "UPDATED_NEW",
      },
    ]);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(UpdateItemCommand).rejects(error);
    await expect(instances.park(id, undefined)).rejects.toBe(error);
    await expect(instances.restart(id, decision)).rejects.toBe(error);
  });
});
