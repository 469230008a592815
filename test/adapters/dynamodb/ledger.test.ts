import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { dynamoLedger } from "../../../lib/adapters/dynamodb/ledger.ts";
import type { SentCommand } from "../../../lib/model/message.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import { conditionFailed, faults, refusal } from "./faults.ts";

const client = new DynamoDBClient({ region: "eu-central-1" });
const dynamo = mockClient(client);
const ledger = dynamoLedger(client, "ledger");

beforeEach(() => {
  dynamo.reset();
});

const sent = () => dynamo.calls().map(({ args: [{ input }] }) => input);

const now = new Date("2026-02-03T04:05:06.789Z");
const update = {
  TableName: "ledger",
  Key: { pk: { S: "mail/order-1@1" } },
  ExpressionAttributeNames: { "#state": "state" },
};

const command: SentCommand = {
  type: "AuthorizePayment",
  streamId: "payment-1",
  data: { orderId: "1" },
  metadata: {
    id: "authorize-payment/order-1@1",
    causationId: "order-1@1",
    correlationId: "correlation-1",
    issuedAt: "2026-02-03T04:05:06.789Z",
    receipt: true,
  },
};

describe("claim", () => {
  const claim = () => ledger.claim("mail/order-1@1", now, 60);

  test("is one update on the condition that it is new, its lease has ended, or it has expired", async () => {
    dynamo.on(UpdateItemCommand).resolves({});
    expect(await claim()).toEqual({ kind: "claimed" });
    expect(sent()).toEqual([
      {
        ...update,
        UpdateExpression: "SET #state = :claimed, lease = :lease, expires = :expires REMOVE command",
        ConditionExpression:
          "attribute_not_exists(pk) OR (#state = :claimed AND lease <= :now) OR expires <= :seconds",
        ExpressionAttributeValues: {
          ":claimed": { S: "claimed" },
          ":lease": { N: `${now.getTime() + 60_000}` },
          ":now": { N: `${now.getTime()}` },
          ":seconds": { N: "1770091506" },
          ":expires": { N: `${1770091506 + 35 * 24 * 3600}` },
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    ]);
  });

  const pk = { S: "mail/order-1@1" };
  const text = { S: JSON.stringify(command) };
  test.each([
    ["a claimed item", { pk, state: { S: "claimed" }, lease: { N: "1" } }, { kind: "busy" }],
    ["a performed item", { pk, state: { S: "performed" }, command: text }, { kind: "performed", command }],
    [
      "a performed item without a command",
      { pk, state: { S: "performed" } },
      { kind: "performed", command: undefined },
    ],
    ["a done item", { pk, state: { S: "done" } }, { kind: "done" }],
    ["no item", undefined, { kind: "busy" }],
  ])("ConditionalCheckFailedException with %s", async (_, item, answer) => {
    dynamo.on(UpdateItemCommand).rejects(conditionFailed(item));
    expect(await claim()).toEqual(answer);
    expect(sent()).toHaveLength(1);
  });

  test("a command that this adapter did not write is reported", async () => {
    const item = { pk, state: { S: "performed" }, command: { S: "{}" } };
    dynamo.on(UpdateItemCommand).rejects(conditionFailed(item));
    await expect(claim()).rejects.toThrow("attribute command of item mail/order-1@1 at /: Invalid input");
  });

  test("of an entry that DynamoDB refuses because of its content is permanent", async () => {
    dynamo.on(UpdateItemCommand).rejects(refusal);
    await expect(claim()).rejects.toThrow(PermanentError);
  });

  test.each(faults)("%s is thrown", async (_, error) => {
    dynamo.on(UpdateItemCommand).rejects(error);
    await expect(claim()).rejects.toBe(error);
  });
});

describe("each call after a claim is one update", () => {
  const key = "mail/order-1@1";
  const cases = [
    [
      "release, on the condition that it is claimed",
      () => ledger.release(key, "x".repeat(2000)),
      {
        UpdateExpression: "SET lease = :ended, because = :because",
        ConditionExpression: "#state = :claimed",
        ExpressionAttributeValues: {
          ":ended": { N: "0" },
          ":because": { S: "x".repeat(1000) },
          ":claimed": { S: "claimed" },
        },
      },
    ],
    [
      "performed with a command, on the condition that it is claimed",
      () => ledger.performed(key, command),
      {
        UpdateExpression: "SET #state = :performed, command = :command",
        ConditionExpression: "#state = :claimed",
        ExpressionAttributeValues: {
          ":performed": { S: "performed" },
          ":claimed": { S: "claimed" },
          ":command": { S: JSON.stringify(command) },
        },
      },
    ],
    [
      "performed without a command, on the condition that it is claimed",
      () => ledger.performed(key, undefined),
      {
        UpdateExpression: "SET #state = :performed",
        ConditionExpression: "#state = :claimed",
        ExpressionAttributeValues: { ":performed": { S: "performed" }, ":claimed": { S: "claimed" } },
      },
    ],
    [
      "done, without a condition",
      () => ledger.done(key),
      {
        UpdateExpression: "SET #state = :done REMOVE command, lease, because",
        ExpressionAttributeValues: { ":done": { S: "done" } },
      },
    ],
  ] as const;

  test.each(cases)("%s", async (_, write, request) => {
    dynamo.on(UpdateItemCommand).resolves({});
    await write();
    expect(sent()).toEqual([{ ...update, ...request }]);
  });

  test.each(cases.slice(0, 3))(
    "ConditionalCheckFailedException: %s, keeps the stored entry",
    async (_, write) => {
      dynamo.on(UpdateItemCommand).rejects(conditionFailed());
      await expect(write()).resolves.toBeUndefined();
    },
  );

  describe.each(cases)("%s", (_, write) => {
    test.each(faults)("%s is thrown", async (_, error) => {
      dynamo.on(UpdateItemCommand).rejects(error);
      await expect(write()).rejects.toBe(error);
    });
  });
});
