import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { dynamoEventStore } from "../../../../lib/adapters/dynamodb/event-store/event-store.ts";
import { toItem } from "../../../../lib/adapters/dynamodb/event-store/item.ts";
import { PermanentError } from "../../../../lib/ports/permanent-error.ts";
import { commit, placed } from "../../../../lib/testing/contracts/samples/commit.ts";
import { conditionFailed, faults, refusal } from "../faults.ts";

const client = new DynamoDBClient({ region: "eu-central-1" });
const dynamo = mockClient(client);
const store = dynamoEventStore(client, "events");

beforeEach(() => {
  dynamo.reset();
});

const sent = () => dynamo.calls().map(({ args: [{ input }] }) => input);

const lost = commit("order-1", 4, { id: "lost" });
const winner = commit("order-1", 4, { id: "winner", events: [placed("1"), placed("2")] });

describe("an append", () => {
  test("is one PutItem on the condition that the version is free, and returns the winner of a conflict", async () => {
    dynamo.on(PutItemCommand).resolves({});
    const stored = commit("order-1", 4, {
      id: "command-1",
      events: [placed("1"), { ...placed("2"), schemaVersion: 2 }],
    });
    expect(await store.append(stored)).toEqual({ kind: "appended" });
    expect(sent()).toEqual([
      {
        TableName: "events",
        Item: {
          pk: { S: "order-1" },
          sk: { N: "4" },
          to: { N: "5" },
          id: { S: "command-1" },
          at: { S: stored.at },
          ev: { S: '[["OrderPlaced",{"orderId":"1"}],["OrderPlaced",{"orderId":"2"},2]]' },
          md: { S: JSON.stringify(stored.metadata) },
        },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    ]);
  });

  test("ConditionalCheckFailedException with the item is a conflict, without another request", async () => {
    dynamo.on(PutItemCommand).rejects(conditionFailed(toItem(winner)));
    expect(await store.append(lost)).toEqual({ kind: "conflict", winner });
    expect(sent()).toHaveLength(1);
  });

  test("ConditionalCheckFailedException without the item is a conflict, the winner is read strongly consistent", async () => {
    dynamo.on(PutItemCommand).rejects(conditionFailed());
    dynamo.on(QueryCommand).resolves({ Items: [toItem(winner), toItem(commit("order-1", 6))] });
    expect(await store.append(lost)).toEqual({ kind: "conflict", winner });
    expect(sent().slice(1)).toEqual([
      {
        TableName: "events",
        KeyConditionExpression: "pk = :pk AND sk > :after",
        ExpressionAttributeValues: { ":pk": { S: "order-1" }, ":after": { N: "3" } },
        ConsistentRead: true,
      },
    ]);
  });

  test.each([
    ["nothing", []],
    ["another commit", [toItem(commit("order-1", 5))]],
  ])("a conflict with %s at that version is a bug, and is thrown", async (_, Items) => {
    dynamo.on(PutItemCommand).rejects(conditionFailed());
    dynamo.on(QueryCommand).resolves({ Items });
    await expect(store.append(lost)).rejects.toThrow(
      "the append of order-1@4 is a conflict, but no commit has that version",
    );
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(PutItemCommand).rejects(error);
    await expect(store.append(lost)).rejects.toBe(error);
    expect(sent()).toHaveLength(1);
  });

  test("that DynamoDB refuses because of its content is permanent", async () => {
    dynamo.on(PutItemCommand).rejects(refusal);
    await expect(store.append(lost)).rejects.toThrow(PermanentError);
  });

  test("that is too large sends no request", async () => {
    await expect(store.append({ ...lost, events: [placed("x".repeat(390_000))] })).rejects.toThrow(
      /^a commit of order-1 has 390\d{3} bytes, at most 390000 are allowed$/,
    );
    expect(sent()).toEqual([]);
  });

  test("of one event fits one write unit, with ids and metadata as in the cloud", () => {
    const uuid = "123e4567-e89b-12d3-a456-426614174000";
    const item = toItem(
      commit(`order-${uuid}`, 1, {
        id: `checkout/${uuid}/reserve/stock-${uuid}`,
        events: [{ type: "StockReserved", data: { sku: uuid, orderId: uuid, quantity: 12 } }],
        metadata: {
          causationId: `order-${uuid}@1`,
          correlationId: uuid,
          issuedAt: "2026-02-03T04:05:06.789Z",
          sagaId: `checkout/${uuid}`,
          traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        },
      }),
    );
    expect(JSON.stringify(item).length).toBeLessThan(1024);
  });
});

describe("a read", () => {
  test("pages through the stream, in one direction", async () => {
    const key = { pk: { S: "order-1" }, sk: { N: "4" } };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [toItem(winner)], LastEvaluatedKey: key })
      .resolvesOnce({ Items: [], LastEvaluatedKey: key })
      .resolvesOnce({ Items: [toItem(commit("order-1", 6))] });
    const read = await store.read("order-1", { after: 3, consistency: "eventual" });
    expect(read).toEqual([winner, commit("order-1", 6)]);
    const query = {
      TableName: "events",
      KeyConditionExpression: "pk = :pk AND sk > :after",
      ExpressionAttributeValues: { ":pk": { S: "order-1" }, ":after": { N: "3" } },
      ConsistentRead: false,
    };
    const next = { ...query, ExclusiveStartKey: key };
    expect(sent()).toEqual([query, next, next]);
  });

  test("from the beginning returns all commits, strongly consistent if asked", async () => {
    dynamo.on(QueryCommand).resolves({});
    expect(await store.read("order-1", { consistency: "strong" })).toEqual([]);
    expect(sent()).toMatchObject([
      { ExpressionAttributeValues: { ":after": { N: "0" } }, ConsistentRead: true },
    ]);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(QueryCommand).rejects(error);
    await expect(store.read("order-1", { consistency: "strong" })).rejects.toBe(error);
  });

  test("a fault on a later page is thrown, and no part is returned", async () => {
    const fault = new Error("gone");
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [toItem(winner)], LastEvaluatedKey: { pk: { S: "order-1" } } })
      .rejectsOnce(fault);
    await expect(store.read("order-1", { consistency: "strong" })).rejects.toBe(fault);
  });
});
