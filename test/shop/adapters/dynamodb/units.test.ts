/** The cost of commands: requests and units, as the engine bills them. All engines must agree. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoEventStore } from "../../../../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoInbox } from "../../../../lib/adapters/dynamodb/inbox.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import { memoryMailer } from "../../../../lib/adapters/memory/mailer.ts";
import { perform } from "../../../../lib/model/effect.ts";
import type { Command, RecordedEvent, SentCommand } from "../../../../lib/model/message.ts";
import { instanceIn } from "../../../../lib/model/sagas/instance.ts";
import type { EventStore } from "../../../../lib/ports/event-store.ts";
import { intake } from "../../../../lib/runtime/handlers/translate.ts";
import { cachingStore } from "../../../../lib/runtime/streams/caching-store.ts";
import { commandHandler } from "../../../../lib/runtime/streams/handle-command.ts";
import { inboxUnits } from "../../../../lib/shop/costs/counts.ts";
import { placeOrder } from "../../../../lib/shop/orders/order.ts";
import { authorizePayment } from "../../../../lib/shop/payments/authorize-payment.ts";
import { memoryPaymentProvider } from "../../../../lib/shop/payments/memory-payment-provider.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { receiveStock, reserveStock } from "../../../../lib/shop/stock/inventory.ts";
import { stockDeliveries } from "../../../../lib/shop/stock/stock-deliveries.ts";
import { commit } from "../../../../lib/testing/contracts/samples/commit.ts";
import { type Engine, engine, tables } from "../../../adapters/dynamodb/engine.ts";
import { type Call, measured } from "../../../adapters/dynamodb/measured.ts";
import { placeable } from "../../domain/orders.ts";

let started: Engine;
let store: EventStore;
let calls: () => readonly Call[];

beforeAll(async () => {
  started = await engine();
  store = dynamoEventStore(started.client, tables.events);
  calls = measured(started.client);
});

afterAll(() => started.stop());

const now = "2026-02-03T04:05:06.789Z";
const uuid = "123e4567-e89b-12d3-a456-426614174000";

/** With the longest ids that clients and the gateway generate. */
const requested = (command: Command, id: string): SentCommand => ({
  ...command,
  metadata: {
    id,
    causationId: id,
    correlationId: uuid,
    issuedAt: now,
    actor: uuid,
    bodyHash: "0".repeat(64),
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    receipt: false,
  },
});

const handlerOver = (store: EventStore) =>
  commandHandler(shop, {
    store,
    clock: () => new Date(now),
    sleep: async () => undefined,
    random: () => 0.5,
    log: memoryLog(),
  });

const received = (sku: string) => requested(receiveStock({ sku, quantity: 1000 }), `receipt-${sku}`);
const reserved = (sku: string, orderId: string) =>
  requested(reserveStock({ sku, orderId, quantity: 1 }), `reserve-${orderId}`);

const coldCommand = [
  { operation: "Query", units: 0.5 },
  { operation: "PutItem", units: 1 },
];

/** AWS bills half a unit for a Query that finds nothing. DynamoDB Local reports none. */
const halfAtMost = expect.toSatisfy((units: unknown) => units === 0 || units === 0.5);
const findingNothing = [
  { operation: "Query", units: halfAtMost },
  { operation: "PutItem", units: 1 },
];

/** Runs a checkout of this order to its end, and returns the cost of each event's commit. */
const writeUnitsOfCheckout = async (orderId: string) => {
  const handle = handlerOver(store);
  const history: RecordedEvent[] = [];
  const units: Record<string, number> = {};
  const send = async (command: SentCommand) => {
    calls();
    const answer = await handle(command);
    const written = calls().filter(({ operation }) => operation === "PutItem");
    const events = answer.kind === "accepted" ? answer.events : [];
    history.push(...events);
    for (const { type } of events) units[type] = written.reduce((sum, { units }) => sum + units, 0);
    for (const event of events) {
      const services = { payments: memoryPaymentProvider(), mailer: memoryMailer() };
      const followUp = await perform(authorizePayment, event, services);
      if (followUp) await send(followUp);
    }
  };
  for (const { sku } of placeable.lines) await send(received(sku));
  await send(requested(placeOrder({ ...placeable, orderId }), uuid));
  const instance = instanceIn(checkout, `checkout/${orderId}`, history);
  for (const task of instance?.forward ?? [])
    for (const command of task(history).progress(history).undecided) await send(command);
  return units;
};

test("every commit of a checkout costs one write unit: ordinary events fit a kilobyte with their metadata", async () => {
  expect(await writeUnitsOfCheckout(uuid)).toEqual({
    StockReceived: 1,
    OrderPlaced: 1,
    StockReserved: 1,
    PaymentRequested: 1,
    PaymentAuthorized: 1,
    ShipmentArranged: 1,
    OrderConfirmed: 1,
    StockTaken: 1,
  });
});

test("a cold command is exactly two requests: an eventually consistent Query and a PutItem", async () => {
  const cold = () => handlerOver(dynamoEventStore(started.client, tables.events));
  calls();
  await cold()(received("cold"));
  expect(calls()).toEqual(findingNothing);
  await cold()(reserved("cold", "1"));
  expect(calls()).toEqual(coldCommand);
});

test("a command that begins its stream is one request; its repetition reads nothing", async () => {
  const begin = requested(placeOrder({ ...placeable, orderId: "begun" }), "begin");
  calls();
  await handlerOver(store)(begin);
  expect(calls()).toEqual([{ operation: "PutItem", units: 1 }]);
  await handlerOver(store)(begin);
  // The refused write is not among the answers that are counted here.
  expect(calls()).toEqual([]);
});

test("a repetition is one Query, and writes nothing", async () => {
  await handlerOver(store)(received("repeated"));
  calls();
  await handlerOver(store)(received("repeated"));
  expect(calls()).toEqual([{ operation: "Query", units: 0.5 }]);
});

test("a warm command reads half a unit at most, however long its stream is", async () => {
  const handle = handlerOver(cachingStore(store));
  await handle(received("hot"));
  for (let version = 2; version <= 600; version += 1)
    await store.append(
      commit("inventory-hot", version, {
        events: [{ type: "StockReceived", data: { sku: "hot", quantity: 1 } }],
      }),
    );
  calls();
  await handle(reserved("hot", "first"));
  const [first] = calls();
  expect(first?.units).toBeGreaterThan(10);
  await handle(reserved("hot", "second"));
  expect(calls()).toEqual(findingNothing);
});

test("an event of another system costs two write units in the inbox, whatever it carries", async () => {
  const inbox = dynamoInbox(started.client, tables.inbox);
  const translator = { ...stockDeliveries, name: "x".repeat(60) };
  const store = cachingStore(dynamoEventStore(started.client, tables.events));
  const handle = intake(translator, {
    inbox,
    handle: handlerOver(store),
    clock: () => new Date(now),
    log: memoryLog(),
  });
  const data = { article: "unloaded", pieces: 1, shelves: Array.from({ length: 1000 }, (_, shelf) => shelf) };
  const event = { id: "x".repeat(200), source: "warehouse", type: "StockDelivered", data };
  calls();
  expect(await handle([{ id: "1", receiveCount: 1, event }])).toEqual([]);
  const writes = calls().filter(({ operation }) => operation !== "Query");
  const commit = { operation: "PutItem", units: 1 };
  expect(writes).toEqual([commit, ...Array.from({ length: inboxUnits.first }, () => commit)]);
  // A repeated event costs one unit, for the write that the condition refuses. It is not among these answers.
  expect(await handle([{ id: "2", receiveCount: 1, event }])).toEqual([]);
  expect(calls()).toEqual([]);
});

test("reading a stream strongly costs twice as much", async () => {
  const streamId = "order-large";
  await store.append(commit(streamId, 1, { events: [{ type: "Noted", data: { text: "x".repeat(7500) } }] }));
  calls();
  await store.read(streamId, { consistency: "eventual" });
  await store.read(streamId, { consistency: "strong" });
  expect(calls()).toEqual([
    { operation: "Query", units: 1 },
    { operation: "Query", units: 2 },
  ]);
});
