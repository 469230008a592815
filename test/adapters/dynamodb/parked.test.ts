import { DeleteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, expect, test } from "vitest";
import { dynamoParked } from "../../../lib/adapters/dynamodb/parked.ts";
import type { ParkedStream } from "../../../lib/ports/parked.ts";
import { faults } from "./faults.ts";

const client = new DynamoDBClient({ region: "eu-central-1" });
const dynamo = mockClient(client);
const parked = dynamoParked(client, "parked");

beforeEach(() => {
  dynamo.reset();
});

const sent = () => dynamo.calls().map(({ args: [{ input }] }) => input);

const stream = (streamId: ParkedStream["streamId"]): ParkedStream => ({
  consumer: "order-summary",
  streamId,
  version: 3,
  payload: "{}",
  error: "Error: it cannot be read",
  at: "2026-02-03T04:05:06.789Z",
});

const item = (streamId: ParkedStream["streamId"]) => ({
  pk: { S: `order-summary ${streamId}` },
  consumer: { S: "order-summary" },
  streamId: { S: streamId },
  version: { N: "3" },
  payload: { S: "{}" },
  error: { S: "Error: it cannot be read" },
  at: { S: "2026-02-03T04:05:06.789Z" },
});

test("parking is one PutItem without a condition", async () => {
  dynamo.on(PutItemCommand).resolves({});
  await parked.park(stream("order-1"));
  expect(sent()).toEqual([{ TableName: "parked", Item: item("order-1") }]);
});

test("a text that is longer than an item can hold is cut by bytes, so that the item fits", async () => {
  dynamo.on(PutItemCommand).resolves({});
  await parked.park({ ...stream("order-1"), payload: "☕".repeat(200_000), error: "ü".repeat(200_000) });
  expect(sent()).toHaveLength(1);
  expect(Buffer.byteLength(JSON.stringify(sent()))).toBeLessThan(400 * 1024);
});

test("a list pages through the table", async () => {
  const key = { pk: { S: "order-summary order-1" } };
  dynamo
    .on(ScanCommand)
    .resolvesOnce({ Items: [item("order-1")], LastEvaluatedKey: key })
    .resolvesOnce({ Items: [], LastEvaluatedKey: key })
    .resolvesOnce({ Items: [item("order-2")] });
  expect(await parked.list()).toEqual([stream("order-1"), stream("order-2")]);
  const next = { TableName: "parked", ExclusiveStartKey: key };
  expect(sent()).toEqual([{ TableName: "parked" }, next, next]);
});

test("an item that this adapter did not write is reported", async () => {
  dynamo.on(ScanCommand).resolves({ Items: [{ ...item("order-1"), version: { S: "3" } }] });
  await expect(parked.list()).rejects.toThrow("attribute version of item order-summary order-1");
});

test("release is one DeleteItem without a condition", async () => {
  dynamo.on(DeleteItemCommand).resolves({});
  await parked.release("order-summary", "order-1");
  expect(sent()).toEqual([{ TableName: "parked", Key: { pk: { S: "order-summary order-1" } } }]);
});

test.each(faults)("%s is thrown", async (_, error) => {
  dynamo.onAnyCommand().rejects(error);
  await expect(parked.park(stream("order-1"))).rejects.toBe(error);
  await expect(parked.list()).rejects.toBe(error);
  await expect(parked.release("order-summary", "order-1")).rejects.toBe(error);
});
