/** Another system on a broker, and what becomes of its events: a translator over a store in memory. */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { memoryInbox } from "../../lib/adapters/memory/inbox.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import type { Decider } from "../../lib/model/decider.ts";
import { command } from "../../lib/model/reference.ts";
import { sending } from "../../lib/model/saga.ts";
import type { Translator } from "../../lib/model/translator.ts";
import { intake } from "../../lib/runtime/handlers/translate.ts";
import { commandHandler } from "../../lib/runtime/streams/handle-command.ts";

const received = z.object({ sku: z.string(), quantity: z.int() });

const inventory: Decider<undefined, { Receive: typeof received }, { Received: typeof received }, []> = {
  name: "inventory",
  identifiedBy: "sku",
  commands: { Receive: received },
  events: { Received: received },
  rejections: [],
  initialState: undefined,
  decide: { Receive: ({ data }) => [{ type: "Received", data }] },
  evolve: { Received: () => undefined },
};

const delivery = z.object({ article: z.string(), pieces: z.int() });

const deliveries: Translator<typeof delivery> = {
  name: "stock-deliveries",
  source: "warehouse",
  channel: "stock",
  type: "StockDelivered",
  schema: delivery,
  send: sending(command(inventory, "Receive"), ({ data: { article, pieces } }) => ({
    sku: article,
    quantity: pieces,
  })),
};

/** One of its own, so that tests share a broker and nothing else. */
export const warehouse = () => {
  const translator = { ...deliveries, source: `warehouse-${randomUUID()}` };
  const { source, type } = translator;
  const store = memoryEventStore();
  const log = memoryLog();
  const ports = { store, log, clock: () => new Date(0), sleep: async () => {}, random: () => 0 };
  const handle = commandHandler({ name: "shop", deciders: [inventory] }, ports);
  return {
    translator,
    intake: intake(translator, { handle, inbox: memoryInbox(), ...ports }),
    delivered: (id: string, data: object) => ({ specversion: "1.0", id, source, type, data }),
    /** The data of all that was received of an article. */
    received: async (article: string) =>
      (await store.read(`inventory-${article}`, { consistency: "strong" })).flatMap(({ events }) =>
        events.map(({ data }) => data),
      ),
  };
};

type CloudEvent = ReturnType<ReturnType<typeof warehouse>["delivered"]>;

export const structured = (event: CloudEvent) => ({
  contentType: "application/cloudevents+json; charset=UTF-8",
  headers: {},
  value: JSON.stringify(event),
});

/** With this before the name of each attribute. */
export const binary = ({ data, ...attributes }: CloudEvent, prefix: string) => ({
  contentType: "application/json",
  value: JSON.stringify(data),
  headers: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`${prefix}${name}`, value])),
});
