/**
 * The time of reading stored events, beside `JSON.parse` of the same commits. The shop has recorded the events for 830
 * of its orders. Reading turns items of the event table into commits, and commits into today's events, each checked
 * against the schema of its version. `JSON.parse` reads the two JSON texts of each item, or the whole commit as one
 * text. All are measured in turn, in one process.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { fromItem, toItem } from "../lib/adapters/dynamodb/event-store/item.ts";
import { memoryMailer } from "../lib/adapters/memory/mailer.ts";
import { currentEvents } from "../lib/model/events/current.ts";
import type { RecordedEvent } from "../lib/model/message.ts";
import { streamId } from "../lib/model/stream.ts";
import type { Commit } from "../lib/ports/event-store.ts";
import { recordedEvents } from "../lib/runtime/streams/recorded.ts";
import { answerApproval, placeOrder } from "../lib/shop/orders/order.ts";
import { memoryPaymentProvider } from "../lib/shop/payments/memory-payment-provider.ts";
import { shop } from "../lib/shop/shop.ts";
import { inventory, receiveStock } from "../lib/shop/stock/inventory.ts";
import { inOneProcess } from "../lib/testing/in-one-process.ts";

const rounds = 200;

const linesOf = <Line>(file: string, line: z.ZodType<Line>): readonly Line[] =>
  readFileSync(join(import.meta.dirname, "../test/data", file), "utf8")
    .trim()
    .split("\n")
    .map((text) => line.parse(JSON.parse(text)));

const placed = z.looseObject({ orderId: z.string() });
const stocked = z.looseObject({ sku: z.string() });

const commitsOf = (events: readonly RecordedEvent[]): readonly Commit[] => {
  const byCommand = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const { commandId } = event.metadata;
    byCommand.set(commandId, [...(byCommand.get(commandId) ?? []), event]);
  }
  return [...byCommand.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const {
      streamId,
      version,
      commandId: id,
      recordedAt: at,
      causationId,
      correlationId,
      sagaId,
    } = first.metadata;
    const metadata = { causationId, correlationId, issuedAt: at, sagaId };
    return [{ streamId, version, id, at, events: [first, ...others], metadata } satisfies Commit];
  });
};

const commits = async (): Promise<readonly Commit[]> => {
  const { send, idle, events } = inOneProcess(shop, {
    payments: memoryPaymentProvider(),
    mailer: memoryMailer(),
  });
  const given = linesOf("northwind-orders.jsonl", placed);
  const stock = linesOf("northwind-stock.jsonl", stocked);
  for (const { sku } of stock) await send(receiveStock({ sku, quantity: 100_000 }));
  for (const order of given) {
    await send({ type: placeOrder.type, streamId: streamId("order", order.orderId), data: order });
    await idle();
    await send(answerApproval({ orderId: order.orderId, approved: true, by: "bench" }));
    await idle();
  }
  const streams = [
    ...stock.map(({ sku }) => streamId(inventory.name, sku)),
    ...given.flatMap(({ orderId }) => shop.deciders.map(({ name }) => streamId(name, orderId))),
  ];
  const stored = await Promise.all([...new Set(streams)].map(events));
  return stored.flatMap(commitsOf);
};

const items = (await commits()).map(toItem);
const current = currentEvents(shop.deciders);

const parse = () => {
  for (const { ev, md } of items) {
    JSON.parse(ev?.S ?? "");
    JSON.parse(md?.S ?? "");
  }
};
const texts = items.map((item) => JSON.stringify(fromItem(item)));
const parseWhole = () => {
  for (const text of texts) JSON.parse(text);
};
const read = () => {
  let count = 0;
  for (const item of items)
    for (const event of recordedEvents(fromItem(item))) count += current(event).length;
  return count;
};

const millisecondsOf = (work: () => unknown): number => {
  const begin = process.cpuUsage();
  work();
  return process.cpuUsage(begin).user / 1000;
};

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;

const events = read();
const tasks = [parse, parseWhole, read];
const measured = Array.from({ length: rounds }, () => tasks.map(millisecondsOf));
const medianOf = (task: number): number => median(measured.slice(rounds / 2).map((all) => all[task] ?? 0));
const [parsing, parsingWhole, reading] = [medianOf(0), medianOf(1), medianOf(2)];
const microseconds = (milliseconds: number) => ((milliseconds * 1000) / events).toFixed(2);
process.stdout.write(`${items.length} commits, ${events} events; microseconds per event:
today's events                    ${microseconds(reading)}
JSON.parse of the two texts       ${microseconds(parsing)}, ratio ${(reading / parsing).toFixed(2)}
JSON.parse of the whole commit    ${microseconds(parsingWhole)}, ratio ${(reading / parsingWhole).toFixed(2)}
`);
