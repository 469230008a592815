/** Another system on a broker. The translator of the library turns its events into copies, in a store in memory. */
import { randomUUID } from "node:crypto";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { memoryInbox } from "../../lib/adapters/memory/inbox.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { intake } from "../../lib/runtime/handlers/translate.ts";
import { commandHandler } from "../../lib/runtime/streams/handle-command.ts";
import { book } from "../library/lib/books/book.ts";
import { publisherDeliveries } from "../library/lib/books/publisher-deliveries.ts";

/** Each call has a new source, so that tests share only the broker. */
export const warehouse = () => {
  const translator = { ...publisherDeliveries, source: `warehouse-${randomUUID()}` };
  const { source, type } = translator;
  const store = memoryEventStore();
  const log = memoryLog();
  const ports = { store, log, clock: () => new Date(0), sleep: async () => {}, random: () => 0 };
  const handle = commandHandler({ name: "library", deciders: [book] }, ports);
  return {
    translator,
    intake: intake(translator, { handle, inbox: memoryInbox(), ...ports }),
    delivered: (id: string, data: object) => ({ specversion: "1.0", id, source, type, data }),
    /** The data of all events of a book. */
    received: async (bookId: string) =>
      (await store.read(`book-${bookId}`, { consistency: "strong" })).flatMap(({ events }) =>
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

/** Each attribute name gets this prefix. */
export const binary = ({ data, ...attributes }: CloudEvent, prefix: string) => ({
  contentType: "application/json",
  value: JSON.stringify(data),
  headers: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`${prefix}${name}`, value])),
});
