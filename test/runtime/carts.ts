/** Carts with two projections: one whose rows are the streams' own and are deleted, one whose rows many streams share. */
import * as z from "zod";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../lib/adapters/memory/read-models.ts";
import type { Decider } from "../../lib/model/decider.ts";
import type { Projection } from "../../lib/model/projection.ts";
import type { Commit } from "../../lib/ports/event-store.ts";
import { type ProjectPorts, projector } from "../../lib/runtime/projections/project.ts";

const cartId = z.string();
const commands = { Nothing: z.object({ cartId }) };
const events = {
  Opened: z.object({ cartId }),
  Added: z.object({ cartId, sku: z.string(), quantity: z.int() }),
  Closed: z.object({ cartId }),
};

const cart: Decider<undefined, typeof commands, typeof events, readonly []> = {
  name: "cart",
  identifiedBy: "cartId",
  commands,
  events,
  rejections: [],
  initialState: undefined,
  decide: { Nothing: () => [] },
  evolve: { Opened: () => undefined, Added: () => undefined, Closed: () => undefined },
};

const open = z.object({ cartId, quantities: z.array(z.int()) });
const demanded = z.object({ sku: z.string(), quantity: z.int() });

/** Its rows are the streams' own, and go when a cart is closed. */
const openCarts: Projection<typeof open, typeof cart> = {
  name: "open-carts",
  row: open,
  sources: [cart],
  on: {
    Opened: { key: "cartId", evolve: (_, { data }) => ({ cartId: data.cartId, quantities: [] }) },
    Added: {
      key: "cartId",
      evolve: (row, { data }) => ({
        cartId: data.cartId,
        quantities: [...(row?.quantities ?? []), data.quantity],
      }),
    },
    Closed: { key: "cartId", evolve: () => undefined },
  },
};

/** Its rows are made of many streams. */
const demand: Projection<typeof demanded, typeof cart> = {
  name: "demand",
  row: demanded,
  sources: [cart],
  on: {
    Added: {
      key: "sku",
      evolve: (row, { data: { sku, quantity } }) => ({ sku, quantity: (row?.quantity ?? 0) + quantity }),
    },
  },
};

export const projections = [openCarts, demand];

export type Event = Commit["events"][number];

export const commit = (id: string, version: number, ...events: readonly [Event, ...Event[]]): Commit => ({
  streamId: `cart-${id}`,
  version,
  id: `http/${id}/${version}`,
  at: "2026-01-01T00:00:00.000Z",
  events,
  metadata: { causationId: "c", correlationId: "c", issuedAt: "2026-01-01T00:00:00.000Z" },
});

export const opened = (id: string): Event => ({ type: "Opened", data: { cartId: id } });
export const added = (id: string, quantity: number, sku = "pear"): Event => ({
  type: "Added",
  data: { cartId: id, sku, quantity },
});
export const closed = (id: string): Event => ({ type: "Closed", data: { cartId: id } });
export const ignored: Event = { type: "CommandIgnored", data: { command: "Nothing", commandId: "x" } };

export const recordOf = (commit: Commit, id = commit.id) => ({ id, kind: "commit", commit }) as const;

/** A store with these commits, and a projector that has seen none of them. */
export const place = async (commits: readonly Commit[]) => {
  const store = memoryEventStore();
  for (const each of commits) await store.append(each);
  const readModels = memoryReadModels(projections);
  const parked = memoryParked();
  const log = memoryLog();
  const ports: ProjectPorts = { store, readModels, parked, clock: () => new Date(0), log };
  const project = (over: Partial<ProjectPorts> = {}) => projector(projections, { ...ports, ...over });
  return { store, readModels, parked, log, project };
};

type Place = Awaited<ReturnType<typeof place>>;

export const cartIn = async ({ readModels }: Place, id: string) =>
  (await readModels.find("open-carts", id))?.row;
export const demandIn = async ({ readModels }: Place, sku = "pear") =>
  (await readModels.find("demand", sku))?.row;

/** One cart, with a receipt in the midst of it. */
export const history = [
  commit("1", 1, opened("1"), added("1", 1)),
  commit("1", 3, added("1", 2)),
  commit("1", 4, ignored),
  commit("1", 5, added("1", 3)),
];
