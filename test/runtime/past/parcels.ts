/** Every consumer of parcels, each over a store with events of earlier versions. A consumer answers what it has seen. */
import * as z from "zod";
import { memoryBus } from "../../../lib/adapters/memory/bus.ts";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryIdempotencyKeys } from "../../../lib/adapters/memory/idempotency-keys.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLedger } from "../../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../../lib/adapters/memory/read-models.ts";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import type { AnyEffect } from "../../../lib/model/effect.ts";
import { currentEvents } from "../../../lib/model/events/current.ts";
import type { Route } from "../../../lib/model/http/route.ts";
import type { Message, RecordedEvent, StoredEvent } from "../../../lib/model/message.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";
import { command, event } from "../../../lib/model/reference.ts";
import type { Sleep } from "../../../lib/ports/clock.ts";
import type { Commit } from "../../../lib/ports/event-store.ts";
import { performer } from "../../../lib/runtime/handlers/perform.ts";
import { commandEndpoint } from "../../../lib/runtime/http/command-endpoint.ts";
import { queryEndpoint } from "../../../lib/runtime/http/queries/query-endpoint.ts";
import { projector } from "../../../lib/runtime/projections/project.ts";
import { relay } from "../../../lib/runtime/publishing/relay.ts";
import { commandHandler } from "../../../lib/runtime/streams/handle-command.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { parcel as definition, events } from "../../model/events/past.ts";
import { deliveryOf } from "../deliveries.ts";
import { type Asked, shown, toRequest } from "../gateway.ts";

export const recordedAt = new Date("2026-01-01T00:00:00.000Z");

const types = Object.keys(events);

const seen = (all: readonly Message[], { type, data }: Message): readonly Message[] => [
  ...all,
  { type, data },
];

/** Its state is the list of events that it has seen, and its command changes nothing. */
export const parcel: AnyDecider = {
  ...definition,
  initialState: [],
  decide: { ViewParcel: () => [] },
  evolve: Object.fromEntries(types.map((type) => [type, seen])),
};

type Row = { readonly seen: readonly Message[] };

const projectionOf = (decider: AnyDecider): AnyProjection => ({
  name: "seen",
  row: z.object({ seen: z.array(z.unknown()) }),
  sources: [decider],
  on: Object.fromEntries(
    types.map((type) => [
      type,
      {
        key: "parcelId",
        evolve: (row: Row | undefined, each: Message): Row => ({ seen: seen(row?.seen ?? [], each) }),
      },
    ]),
  ),
});

export const projection = projectionOf(parcel);

export const viewParcel = command(definition, "ViewParcel");

const routes: readonly Route[] = [
  { method: "POST", path: "/parcels/{parcelId}/views", access: "public", owner: "none", command: viewParcel },
  { method: "GET", path: "/parcels/{parcelId}/events", access: "public", owner: "none", history: parcel },
];

const applicationOf = (decider: AnyDecider) => ({
  name: "post",
  deciders: [decider],
  projections: [projectionOf(decider)],
  sagas: [],
  routes,
});

/** One commit with these events, the first of its stream. */
export const commitOf = (first: StoredEvent, ...others: readonly StoredEvent[]): Commit => ({
  streamId: "parcel-1",
  version: 1,
  id: "http/1",
  at: recordedAt.toISOString(),
  events: [first, ...others],
  metadata: { causationId: "c", correlationId: "c", issuedAt: recordedAt.toISOString() },
});

const view = (id: string) => ({
  ...viewParcel({ parcelId: "1" }),
  metadata: { id, causationId: id, correlationId: id, issuedAt: recordedAt.toISOString(), receipt: false },
});

const documents = { openapi: () => "", page: () => "" };

/** No attempt is late. */
const sleep: Sleep = (_, signal) => (signal ? new Promise(() => {}) : Promise.resolve());

/** What stays if the code changes. */
export const storesWith = async (commits: readonly Commit[]) => {
  const store = memoryEventStore();
  for (const commit of commits) await store.append(commit);
  const stores = { store, bus: memoryBus(), parked: memoryParked(), ledger: memoryLedger() };
  return { ...stores, readModels: memoryReadModels([projection]), commits };
};

type Stores = Awaited<ReturnType<typeof storesWith>>;

/** The code with this decider. `minutes` is the age of the events. */
export const codeOver = ({ commits, ...stores }: Stores, decider = parcel, minutes = 60) => {
  const { store, readModels } = stores;
  const application = applicationOf(decider);
  const { projections } = application;
  const log = memoryLog();
  const clock = () => new Date(recordedAt.getTime() + minutes * 60_000);
  const system = { clock, log, sleep, random: () => 0, newId: () => "id" };
  const ports = { ...system, ...stores, current: currentEvents(application.deciders) };
  const handle = commandHandler(application, ports);
  const keys = memoryIdempotencyKeys();
  const commandsOf = commandEndpoint(application, { ...ports, handle, keys });
  const queriesOf = queryEndpoint(application, { ...ports, instances: memoryInstances(), documents });
  const records = commits.map((commit) => ({ kind: "commit", id: `r${commit.version}`, commit }) as const);
  const deliveries = commits.flatMap(recordedEvents).map((each) => deliveryOf(each));
  const ask = async (asked: Asked) => {
    const endpoint = asked.method === "GET" ? queriesOf : commandsOf;
    return shown(await endpoint(toRequest({ routes }, asked)));
  };

  return {
    ...ports,
    stored: async () => (await store.read("parcel-1", { consistency: "strong" })).length,
    send: handle,
    handle: (id = "http/view") => handle(view(id)),
    post: () =>
      ask({
        method: "POST",
        path: "/parcels/1/views",
        headers: { "content-type": "application/json" },
        body: {},
      }),
    history: () => ask({ method: "GET", path: "/parcels/1/events" }),
    projections,
    project: () => projector(projections, ports)(records),
    row: async () => (await readModels.load(projection.name, ["1"]))[0],
    relay: () => relay(ports)(records),
    /** Delivers all events to one effect for each type, and answers what was performed. */
    perform: async (from = deliveries) => {
      const performed: RecordedEvent[] = [];
      const outcomes = types.map((type) => {
        const effect: AnyEffect<object> = {
          name: `on-${type}`,
          on: { ...event(definition, "ParcelPlaced"), type },
          answers: [],
          uses: {},
          perform: async (each: RecordedEvent) => void performed.push(each),
        };
        return performer(effect, { ...ports, handle, services: {} })(from);
      });
      return { notDone: (await Promise.all(outcomes)).flat(), performed };
    },
  };
};

export const world = async (commits: readonly Commit[], minutes = 60) =>
  codeOver(await storesWith(commits), parcel, minutes);
