import { expect, test } from "vitest";
import { recordsMax, trace } from "../../../lib/local/server/trace.ts";

const record = (at: number, message: string, fields: Readonly<Record<string, unknown>>) => ({
  at,
  source: "function",
  level: "info" as const,
  message,
  fields: { message, correlation_id: "c", ...fields },
});

const messages = (records: readonly ReturnType<typeof record>[]) => {
  const traced = trace();
  for (const each of records) traced.add(each);
  return traced.of("c").map(({ message }) => message);
};

test("records are in the order of their times", () => {
  expect(messages([record(2, "two", {}), record(1, "one", {}), record(2, "three", {})])).toEqual([
    "one",
    "two",
    "three",
  ]);
});

test("a cause comes before its effect even if it was recorded later", () => {
  const records = [
    record(1, "mail", { causationId: "event-2" }),
    record(2, "second command", { commandId: "b", causationId: "event-1" }),
    record(3, "second event", { eventId: "event-2", causationId: "event-1" }),
    record(4, "first command", { commandId: "a", causationId: "a" }),
    record(5, "first event", { eventId: "event-1", causationId: "a" }),
    record(6, "step", {}),
  ];
  expect(messages(records)).toEqual([
    "first command",
    "first event",
    "second event",
    "mail",
    "second command",
    "step",
  ]);
});

test("causes that form a cycle are shown once each", () => {
  const round = [
    record(1, "one", { eventId: "1", causationId: "2" }),
    record(2, "two", { eventId: "2", causationId: "1" }),
  ];
  expect(messages(round).toSorted()).toEqual(["one", "two"]);
});

test("only the newest records are kept", () => {
  const traced = trace();
  for (let at = 0; at <= recordsMax; at += 1) traced.add(record(at, `${at}`, {}));
  const kept = traced.of("c").map(({ message }) => message);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([recordsMax, "1", `${recordsMax}`]);
});
