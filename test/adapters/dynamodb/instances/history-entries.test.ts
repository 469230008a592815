/** Stored entries of a history leave out shared ids, and a read restores them. */
import { expect, test } from "vitest";
import { historyIn, toEntries } from "../../../../lib/adapters/dynamodb/instances/history-entries.ts";
import type { Metadata, RecordedEvent } from "../../../../lib/model/message.ts";
import { recordedEvent } from "../../../../lib/testing/contracts/samples/recorded-event.ts";

const id = "checkout/1";
const correlationId = "request-1";
const start = recordedEvent(1, {}, { correlationId });

const answer = (version: number, more: Partial<Metadata> = {}) =>
  recordedEvent(
    version,
    {},
    { causationId: start.metadata.id, correlationId, commandId: `${id}/pay/order-1#1`, sagaId: id, ...more },
  );

const without = (event: RecordedEvent, ...names: readonly string[]) => ({
  ...event,
  metadata: Object.fromEntries(Object.entries(event.metadata).filter(([name]) => !names.includes(name))),
});

const decision = { ...answer(5, { causationId: "d-1" }), type: "CommandResumed" };
const outcome = answer(7, {
  commandId: "charge/payment-1@1",
  causationId: "payment-1@1",
  correlationId: "other",
});

const textsOf = (entries: readonly unknown[]) => entries.map((entry) => ({ S: JSON.stringify(entry) }));

test("answers in a row leave out the correlation id and the cause, except the cause of the first; others are complete", () => {
  const events = [start, answer(2), answer(3), answer(4), decision, answer(6), outcome, answer(8)];
  const entries = [
    start,
    without(answer(2), "correlationId"),
    ...[3, 4].map((version) => without(answer(version), "correlationId", "causationId")),
    decision,
    without(answer(6), "correlationId"),
    outcome,
    without(answer(8), "correlationId"),
  ];
  const texts = toEntries(id, events);
  expect(texts.map(({ S }) => JSON.parse(S ?? ""))).toEqual(entries);
  expect(historyIn(id, texts)).toEqual(events);
});

test("each update begins with a cause, because another update may come between", () => {
  const updates = [[start], [answer(2), answer(3)], [outcome], [answer(4)], [answer(6), answer(8)]];
  expect(
    historyIn(
      id,
      updates.flatMap((events) => toEntries(id, events)),
    ),
  ).toEqual(updates.flat());
});

test.each([
  ["are complete", []],
  ["have no correlation ids", ["correlationId"]],
])("answers of earlier versions are read, which %s", (_, missing) => {
  const entries = [start, ...[2, 3].map((version) => without(answer(version), ...missing))];
  expect(historyIn(id, textsOf(entries))).toEqual([start, answer(2), answer(3)]);
});
