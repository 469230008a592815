import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { dynamoInbox } from "../../../lib/adapters/dynamodb/inbox.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import { conditionFailed, faults, refusal } from "./faults.ts";

const client = new DynamoDBClient({ region: "eu-central-1" });
const dynamo = mockClient(client);
const inbox = dynamoInbox(client, "inbox");

beforeEach(() => {
  dynamo.reset();
});

const sent = () => dynamo.calls().map(({ args: [{ input }] }) => input);

const now = new Date("2026-02-03T04:05:06.789Z");
const seconds = 1770091506;
const entry = { key: "stock-deliveries/warehouse/d-1", hash: "abc" };
const itemIn = (state: string, expires: number) => ({
  pk: { S: entry.key },
  hash: { S: "abc" },
  state: { S: state },
  expires: { N: `${expires}` },
});
const inDays = seconds + 35 * 24 * 3600;

describe("receive", () => {
  test("is one put on the condition that the key is new or has expired", async () => {
    dynamo.on(PutItemCommand).resolves({});
    expect(await inbox.receive(entry, now)).toBe("new");
    expect(sent()).toEqual([
      {
        TableName: "inbox",
        Item: itemIn("received", inDays),
        ConditionExpression: "attribute_not_exists(pk) OR expires <= :now",
        ExpressionAttributeValues: { ":now": { N: `${seconds}` } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    ]);
  });

  test.each([
    ["a received item with this hash", itemIn("received", inDays), "open"],
    ["a done item with this hash", itemIn("done", inDays), "done"],
    ["a received item with another hash", { ...itemIn("received", inDays), hash: { S: "x" } }, "reused"],
    ["a done item with another hash", { ...itemIn("done", inDays), hash: { S: "x" } }, "reused"],
  ])("ConditionalCheckFailedException with %s", async (_, item, answer) => {
    dynamo.on(PutItemCommand).rejects(conditionFailed(item));
    expect(await inbox.receive(entry, now)).toBe(answer);
    expect(sent()).toHaveLength(1);
  });

  test("ConditionalCheckFailedException without the item is thrown: the state of the event is unknown", async () => {
    dynamo.on(PutItemCommand).rejects(conditionFailed());
    await expect(inbox.receive(entry, now)).rejects.toThrow("condition");
  });
});

test("done and withdraw are one put each: a withdrawn entry has expired", async () => {
  dynamo.on(PutItemCommand).resolves({});
  await inbox.done(entry, now);
  await inbox.withdraw(entry, now);
  expect(sent()).toEqual([
    { TableName: "inbox", Item: itemIn("done", inDays) },
    { TableName: "inbox", Item: itemIn("received", seconds) },
  ]);
});

test("a key that is longer than DynamoDB allows is hashed", async () => {
  dynamo.on(PutItemCommand).resolves({});
  await inbox.done({ ...entry, key: "x".repeat(2049) }, now);
  expect(sent()).toMatchObject([{ Item: { pk: { S: expect.stringMatching(/^[0-9a-f]{64}$/) } } }]);
});

describe.each([
  ["receive", () => inbox.receive(entry, now)],
  ["withdraw", () => inbox.withdraw(entry, now)],
  ["done", () => inbox.done(entry, now)],
] as const)("%s", (_, call) => {
  test("of an entry that DynamoDB refuses because of its content is permanent", async () => {
    dynamo.on(PutItemCommand).rejects(refusal);
    await expect(call()).rejects.toThrow(PermanentError);
  });

  test.each(faults)("%s is thrown", async (__, error) => {
    dynamo.on(PutItemCommand).rejects(error);
    await expect(call()).rejects.toBe(error);
  });
});
