import { expect, test } from "vitest";
import { memoryDeadLetters } from "../../../../lib/adapters/memory/dead-letters.ts";
import { memoryLedger } from "../../../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import type { StreamId } from "../../../../lib/model/stream.ts";
import { deadLetterOperations } from "../../../../lib/runtime/operations/dead-letters.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { recorded } from "../../../model/recorded.ts";

const handler = "send-confirmation";
const at = "2026-01-01T00:00:00.000Z";

const confirmed = (streamId: StreamId, version = 2) =>
  recorded(streamId, { type: "OrderConfirmed", data: {} }, { version });
const deadLetterOf = (event: RecordedEvent) => ({ payload: event.metadata.id, event, at });

const place = () => {
  const deadLetters = memoryDeadLetters();
  const ledger = memoryLedger();
  const fixture = deadLetterOperations(shop, { deadLetters, ledger, log: memoryLog() });
  const add = (...events: readonly RecordedEvent[]) => {
    for (const event of events) deadLetters.add(handler, deadLetterOf(event));
  };
  const redriven = () => deadLetters.redriven(handler).map(({ payload }) => payload);
  return { deadLetters, ledger, fixture, add, redriven };
};

test("a dead letter is listed with its event, its payload, and the last error of the effect", async () => {
  const { fixture, ledger, add } = place();
  const event = confirmed("order-1");
  add(event);
  const key = `${handler}/order-1@2`;
  await ledger.claim(key, new Date(at), 60);
  await ledger.release(key, "Error: no such box");
  const deadLetter = {
    handler,
    at,
    streamId: "order-1",
    version: 2,
    eventType: "OrderConfirmed",
    because: "Error: no such box",
    payload: "order-1@2",
  };
  expect(await fixture.list()).toEqual({ kind: "dead-letters", letters: [deadLetter], more: false });
  expect(await fixture.list(handler)).toEqual({ kind: "dead-letters", letters: [deadLetter], more: false });
  expect(await fixture.list("checkout")).toEqual({ kind: "dead-letters", letters: [], more: false });
});

test("a dead letter of another system is listed with the reason of its translator", async () => {
  const { fixture, deadLetters } = place();
  const foreign = { id: "d-1", source: "warehouse", type: "StockDelivered", data: { article: "pear" } };
  const taken = { ...foreign, data: { article: "pear", pieces: 1 } };
  deadLetters.add("stock-deliveries", { payload: "bad", at, foreign });
  deadLetters.add("stock-deliveries", { payload: "fine by now", at, foreign: taken });
  const because = "event-id-reused: d-1 came before";
  deadLetters.add("stock-deliveries", { payload: "known", at, foreign, because });
  const listed = { handler: "stock-deliveries", at, eventType: "StockDelivered" };
  expect(await fixture.list("stock-deliveries")).toEqual({
    kind: "dead-letters",
    letters: [
      { ...listed, payload: "bad", because: expect.stringMatching(/^untranslatable: .*d-1[\s\S]*pieces/) },
      { ...listed, payload: "fine by now" },
      { ...listed, payload: "known", because },
    ],
    more: false,
  });
  expect(await fixture.redrive("stock-deliveries")).toMatchObject({ kind: "handler-redriven", count: 3 });
});

test("the last error of an effect is more useful than the number of attempts", async () => {
  const { fixture, ledger, deadLetters } = place();
  deadLetters.add(handler, { ...deadLetterOf(confirmed("order-1")), because: "failed 8 times" });
  const because = async () => {
    const listed = await fixture.list(handler);
    return listed.kind === "dead-letters"
      ? listed.letters.map((deadLetter) => deadLetter.because)
      : listed.kind;
  };
  expect(await because()).toEqual(["failed 8 times"]);
  await ledger.claim(`${handler}/order-1@2`, new Date(at), 60);
  await ledger.release(`${handler}/order-1@2`, "Error: no such box");
  expect(await because()).toEqual(["Error: no such box"]);
});

test("an unreadable dead letter is listed unchanged", async () => {
  const { fixture, deadLetters } = place();
  deadLetters.add("checkout", { payload: "garbage", at, because: "unreadable" });
  expect(await fixture.list()).toEqual({
    kind: "dead-letters",
    letters: [{ handler: "checkout", at, because: "unreadable", payload: "garbage" }],
    more: false,
  });
});

test("a hundred of many dead letters are listed, and only the beginning of a long one", async () => {
  const { fixture, deadLetters } = place();
  for (let count = 0; count < 101; count += 1) deadLetters.add(handler, { payload: "x".repeat(5000), at });
  const listed = await fixture.list();
  expect(listed).toMatchObject({ kind: "dead-letters", more: true });
  if (listed.kind !== "dead-letters") throw new Error(listed.kind);
  expect(listed.letters).toHaveLength(100);
  expect(listed.letters[0]?.payload).toBe(`${"x".repeat(4000)}…`);
});

test("all are redriven to their handler, each stream in order, unreadable ones last", async () => {
  const { fixture, deadLetters, add, redriven } = place();
  deadLetters.add(handler, { payload: "garbage", at });
  add(confirmed("order-2", 11), confirmed("order-1", 3), confirmed("order-2", 9), confirmed("order-1", 2));
  expect(await fixture.redrive(handler)).toEqual({ kind: "handler-redriven", count: 5, more: false });
  expect(redriven()).toEqual(["order-1@2", "order-1@3", "order-2@9", "order-2@11", "garbage"]);
  expect(await fixture.redrive(handler)).toEqual({ kind: "handler-redriven", count: 0, more: false });
});

test("the dead letters of one stream are redriven, and the others stay", async () => {
  const { fixture, add, redriven } = place();
  add(confirmed("order-2"), confirmed("order-1"));
  expect(await fixture.redrive(handler, "order-1")).toMatchObject({ count: 1 });
  expect(redriven()).toEqual(["order-1@2"]);
  expect(await fixture.list()).toMatchObject({ letters: [{ streamId: "order-2" }] });
});

test("an unknown handler and an invalid stream id are refused by name", async () => {
  const { fixture } = place();
  const handlers = [...shop.effects, ...shop.sagas, ...(shop.translators ?? [])].map(({ name }) => name);
  const because = `no effect, saga or translator is named stock-level: must be one of ${handlers.join(", ")}`;
  expect(await fixture.list("stock-level")).toEqual({ kind: "refused", because });
  expect(await fixture.redrive("stock-level")).toEqual({ kind: "refused", because });
  expect(await fixture.redrive(handler, "order")).toEqual({
    kind: "refused",
    because: "order is not a stream id",
  });
});
