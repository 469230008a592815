import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { dynamoIdempotencyKeys } from "../../../lib/adapters/dynamodb/idempotency-keys.ts";
import type { Mark } from "../../../lib/ports/idempotency-keys.ts";
import { conditionFailed, faults } from "./faults.ts";

const client = new DynamoDBClient({ region: "eu-central-1" });
const dynamo = mockClient(client);
const keys = dynamoIdempotencyKeys(client, "keys");

beforeEach(() => {
  dynamo.reset();
});

const sent = () => dynamo.calls().map(({ args: [{ input }] }) => input);

const now = new Date("2026-02-03T04:05:06.789Z");
const milliseconds = now.getTime();
const seconds = 1770091506;
const leaseSeconds = 16;

const mark: Mark = {
  id: "key",
  fingerprint: "request",
  owner: "me",
  first: { commandId: "http/1", issuedAt: "2026-02-03T04:05:06.789Z", actor: "ada" },
  expires: new Date(milliseconds + 24 * 3600 * 1000),
};

const answer = { status: 202, headers: { etag: '"1"' }, body: '{"version":1}' };

const kept = {
  pk: { S: "key" },
  fingerprint: { S: "request" },
  commandId: { S: "http/1" },
  issuedAt: { S: "2026-02-03T04:05:06.789Z" },
  expires: { N: `${seconds + 24 * 3600}` },
};

const leased = (owner: string, lease: number) => ({
  ...kept,
  owner: { S: owner },
  lease: { N: `${lease}` },
  actor: { S: "ada" },
});

const ifOwnedBy = (owner: string) => ({
  ConditionExpression: "#owner = :owner",
  ExpressionAttributeNames: { "#owner": "owner" },
  ExpressionAttributeValues: { ":owner": { S: owner } },
});

const put = (Item: object, condition: object) => ({
  TableName: "keys",
  Item,
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  ...condition,
});

const begin = () => keys.begin(mark, now, leaseSeconds);
const leaseUntil = milliseconds + leaseSeconds * 1000;
/** A stored expiry is in whole seconds. */
const taken = { ...mark, expires: new Date((seconds + 24 * 3600) * 1000) };

describe("begin", () => {
  test("is one put on the condition that there is no mark, or that it has expired", async () => {
    dynamo.on(PutItemCommand).resolves({});
    expect(await begin()).toEqual({ kind: "first", mark });
    expect(sent()).toEqual([
      put(leased("me", leaseUntil), {
        ConditionExpression: "attribute_not_exists(fingerprint) OR expires <= :now",
        ExpressionAttributeValues: { ":now": { N: `${seconds}` } },
      }),
    ]);
  });

  test("takes over a lease that has ended by a second put, on the condition that its owner is the same", async () => {
    dynamo
      .on(PutItemCommand)
      .rejectsOnce(conditionFailed(leased("dead", milliseconds)))
      .resolves({});
    expect(await begin()).toEqual({ kind: "retry", mark: taken });
    expect(sent()[1]).toEqual(put(leased("me", leaseUntil), ifOwnedBy("dead")));
  });

  test("is busy if another attempt was faster to take over", async () => {
    dynamo
      .on(PutItemCommand)
      .rejectsOnce(conditionFailed(leased("dead", milliseconds)))
      .rejectsOnce(conditionFailed(leased("faster", leaseUntil)));
    expect(await begin()).toEqual({ kind: "busy", until: new Date(leaseUntil) });
  });

  test.each([
    ["the mark", [leased("me", leaseUntil)]],
    ["the takeover", [leased("dead", milliseconds), leased("me", leaseUntil)]],
  ])("knows its own mark if the response to %s was lost and the SDK retried", async (_, items) => {
    let call = 0;
    dynamo.on(PutItemCommand).callsFake(() => Promise.reject(conditionFailed(items[call++])));
    expect(await begin()).toEqual({ kind: "retry", mark: taken });
  });

  test.each([
    ["an answer", { ...kept, answer: { S: JSON.stringify(answer) } }, { kind: "answered", answer }],
    ["a live lease", leased("other", milliseconds + 1), { kind: "busy", until: new Date(milliseconds + 1) }],
    ["another request", { ...leased("other", 0), fingerprint: { S: "other" } }, { kind: "other" }],
    [
      "another request's answer",
      { ...kept, fingerprint: { S: "other" }, answer: { S: "{}" } },
      { kind: "other" },
    ],
  ])("reports %s, and writes nothing more", async (_, item, begun) => {
    dynamo.on(PutItemCommand).rejects(conditionFailed(item));
    expect(await begin()).toEqual(begun);
    expect(sent()).toHaveLength(1);
  });

  test("throws for an item that this adapter does not write", async () => {
    dynamo.on(PutItemCommand).rejects(conditionFailed({ ...kept, answer: { S: '{"status":"202"}' } }));
    await expect(begin()).rejects.toThrow("attribute answer of item key at /status");
  });
});

describe.each([
  [
    "answer keeps no lease and no actor",
    () => keys.answer(mark, answer),
    { ...kept, answer: { S: JSON.stringify(answer) } },
    [true, false],
  ],
  ["release ends the lease", () => keys.release(mark), leased("me", 0), [undefined, undefined]],
  [
    "forget keeps nothing of the request",
    () => keys.forget(mark),
    { pk: kept.pk, expires: kept.expires },
    [undefined, undefined],
  ],
] as const)("%s", (_, write, item, [done, overtaken]) => {
  test("by one put, on the condition that the lease is ours", async () => {
    dynamo.on(PutItemCommand).resolves({});
    expect(await write()).toBe(done);
    expect(sent()).toEqual([put(item, ifOwnedBy("me"))]);
  });

  test("and has no effect if another attempt has the lease", async () => {
    dynamo.on(PutItemCommand).rejects(conditionFailed(leased("other", leaseUntil)));
    expect(await write()).toBe(overtaken);
  });
});

const calls: readonly (readonly [name: string, call: () => Promise<unknown>])[] = [
  ["begin", begin],
  ["answer", () => keys.answer(mark, answer)],
  ["release", () => keys.release(mark)],
  ["forget", () => keys.forget(mark)],
];

describe.each(calls)("%s", (_, call) => {
  test.each(faults)("throws %s", async (_, error) => {
    dynamo.on(PutItemCommand).rejects(error);
    await expect(call()).rejects.toThrow(error);
  });
});
