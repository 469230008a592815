/** A translator whose process dies after any of its operations. Another process continues. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { dynamoEventStore } from "../../../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoInbox } from "../../../lib/adapters/dynamodb/inbox.ts";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInbox } from "../../../lib/adapters/memory/inbox.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { ForeignEvent } from "../../../lib/model/events/foreign-event.ts";
import { sending } from "../../../lib/model/saga.ts";
import type { AnyTranslator, Translator } from "../../../lib/model/translator.ts";
import type { ForeignDelivery } from "../../../lib/ports/delivery.ts";
import type { EventStore } from "../../../lib/ports/event-store.ts";
import type { Inbox } from "../../../lib/ports/inbox.ts";
import { intake } from "../../../lib/runtime/handlers/translate.ts";
import { commandHandler } from "../../../lib/runtime/streams/handle-command.ts";
import { shop } from "../../../lib/shop/shop.ts";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { type Engine, engine, tables } from "../../adapters/dynamodb/engine.ts";
import { live, type Reach, recording } from "../../simulation/process.ts";
import { timeline } from "../../simulation/timeline.ts";

const unloaded = z.object({ articles: z.array(z.string()), pieces: z.int() });

/** Two commands for one event, each to its own stream. */
const typed: Translator<typeof unloaded> = {
  name: "unloading",
  source: "harbour",
  channel: "ships",
  type: "ShipUnloaded",
  schema: unloaded,
  send: sending(receiveStock, ({ data: { articles, pieces } }) =>
    articles.map((sku) => ({ sku, quantity: pieces })),
  ),
};
const translator: AnyTranslator = typed;

type Place = { readonly store: EventStore; readonly inbox: Inbox };

const time = timeline({ seed: 1, shuffled: false, clockJumps: false });
const crash = { name: "again after every crash", seed: 1, copies: 1, mishap: "crash" } as const;
const common = { clock: () => new Date(time.now()), sleep: time.sleep, random: () => 0, log: memoryLog() };

const arrival = (event: ForeignEvent): ForeignDelivery => ({ id: "delivery", receiveCount: 1, event });

const handlerOf = (store: EventStore) => commandHandler(shop, { ...common, store });

const processOf =
  (place: Place, event: ForeignEvent, names: string[] = []) =>
  (reach: Reach) => {
    const record = recording(names);
    const [store, inbox] = [record(reach(place.store)), record(reach(place.inbox))];
    return intake(translator, { ...common, inbox, handle: handlerOf(store) })([arrival(event)]);
  };

const run = (place: Place, event: ForeignEvent) => time.until(processOf(place, event)((port) => port));

/** Each event has new articles, because the tables of an engine keep the data of other tests. */
let count = 0;
const newEvent = (): ForeignEvent => {
  count += 1;
  const articles = [`left-${process.pid}-${count}`, `right-${process.pid}-${count}`];
  return {
    id: `${process.pid}/${count}`,
    source: "harbour",
    type: "ShipUnloaded",
    data: { articles, pieces: 4 },
  };
};

const storedOf = async ({ store }: Place, article: string) =>
  (await store.read(`inventory-${article}`, { consistency: "strong" })).flatMap(({ events }) => events);

const effectsOf = async (place: Place, { data }: ForeignEvent) => {
  const all = await Promise.all(unloaded.parse(data).articles.map((article) => storedOf(place, article)));
  return all.map((events) => events.map(({ type, data }) => `${type} ${data.quantity}`));
};

/** The operations after which the first process died. `check` runs for each of them. */
const dieEverywhere = async (
  place: Place,
  prepare: (event: ForeignEvent) => Promise<unknown>,
  check: (event: ForeignEvent) => Promise<void>,
) => {
  const died: (string | undefined)[] = [];
  for (let last = 1; ; last += 1) {
    const event = newEvent();
    await prepare(event);
    const names: string[] = [];
    const isDead = await time.until(
      live(time, crash, last, processOf(place, event, names)).then(
        () => false,
        () => true,
      ),
    );
    await check(event);
    if (!isDead) return died;
    died.push(names[last - 1]);
  }
};

let running: Engine;
beforeAll(async () => {
  running = await engine();
});
afterAll(() => running.stop());

const inMemory = (): Place => ({ store: memoryEventStore(), inbox: memoryInbox() });
const onDynamo = (): Place => ({
  store: dynamoEventStore(running.client, tables.events),
  inbox: dynamoInbox(running.client, tables.inbox),
});

const operations = ["receive", "read", "append", "read", "append", "done"];
const once = [["StockReceived 4"], ["StockReceived 4"]];
const nothing = async () => {};

describe.each([
  ["in memory", inMemory],
  ["on DynamoDB", onDynamo],
])("wherever its process dies, %s", (_, make) => {
  test("an event that is delivered again has one effect in each stream, and is then done", async () => {
    const place = make();
    const died = await dieEverywhere(place, nothing, async (event) => {
      for (const __ of [1, 2]) expect(await run(place, event)).toEqual([]);
      expect(await effectsOf(place, event)).toEqual(once);
      const { inbox, ...silent } = place;
      const store = new Proxy(silent.store, {
        get: () => expect.unreachable("expected no access to the store: the inbox has the event"),
      });
      expect(await run({ inbox, store }, event)).toEqual([]);
    });
    expect(died).toEqual(operations);
  });

  test("different data with the same source and id are a dead letter, before and after the event is done, and have no effect", async () => {
    const place = make();
    await dieEverywhere(place, nothing, async (event) => {
      const articles = [`other-${event.id.replace("/", "-")}`];
      const other = { ...event, data: { articles, pieces: 4 } };
      const reused = [
        { id: "delivery", kind: "dead", because: expect.stringMatching(/^event-id-reused: harbour\//) },
      ];
      expect(await run(place, other)).toEqual(reused);
      expect(await run(place, event)).toEqual([]);
      expect(await run(place, other)).toEqual(reused);
      expect(await effectsOf(place, event)).toEqual(once);
      expect(await effectsOf(place, other)).toEqual([[]]);
    });
  });

  test("an event that was received before the inbox existed has no second effect", async () => {
    const place = make();
    const before = (event: ForeignEvent) => run({ ...place, inbox: memoryInbox() }, event);
    const died = await dieEverywhere(place, before, async (event) => {
      for (const __ of [1, 2]) expect(await run(place, event)).toEqual([]);
      expect(await effectsOf(place, event)).toEqual(once);
    });
    expect(died).toEqual(["receive", "read", "read", "done"]);
  });
});
