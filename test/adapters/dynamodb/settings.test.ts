import { afterEach, expect, test, vi } from "vitest";
import * as settings from "../../../lib/adapters/dynamodb/settings.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const rows = [
  ["EVENTS_TABLE", settings.eventsTable],
  ["IDEMPOTENCY_KEYS_TABLE", settings.idempotencyKeysTable],
  ["INSTANCES_TABLE", settings.instancesTable],
  ["LEDGER_TABLE", settings.ledgerTable],
  ["PARKED_TABLE", settings.parkedTable],
  ["READ_MODEL_ORDER_SUMMARY", () => settings.readModelTable("order-summary")],
] as const;

test.each(rows)("%s names a table", (name, table) => {
  vi.stubEnv(name, "the-table");
  expect(table()).toBe("the-table");
});

test.each(rows)("the error for a missing or empty %s names it", (name, table) => {
  vi.stubEnv(name, "");
  expect(table).toThrow(`environment variable ${name} is missing`);
  vi.stubEnv(name, undefined);
  expect(table).toThrow(`environment variable ${name} is missing`);
});
