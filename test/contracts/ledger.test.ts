import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoLedger } from "../../lib/adapters/dynamodb/ledger.ts";
import { memoryLedger } from "../../lib/adapters/memory/ledger.ts";
import { ledgerContract } from "../../lib/testing/contracts/ledger.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";

let started: Engine;

beforeAll(async () => {
  started = await engine();
});

afterAll(() => started.stop());

ledgerContract("in memory", async () => memoryLedger());
ledgerContract("on DynamoDB", async () => dynamoLedger(started.client, tables.ledger));

test("on DynamoDB an expired entry counts as new, even before it is deleted", async () => {
  const ledger = dynamoLedger(started.client, tables.ledger);
  const now = new Date("2026-02-03T04:05:06.000Z");
  const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3600 * 1000);
  await ledger.claim("expiring", now, 60);
  await ledger.done("expiring");
  expect(await ledger.claim("expiring", new Date(inDays(35).getTime() - 1000), 60)).toEqual({ kind: "done" });
  expect(await ledger.claim("expiring", inDays(35), 60)).toEqual({ kind: "claimed" });
  expect(await ledger.claim("expiring", inDays(35), 60)).toEqual({ kind: "busy" });
});
