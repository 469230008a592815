/** A row is checked by its schema once, when it is written. */
import { expect, test } from "vitest";
import * as z from "zod";
import { memoryReadModels } from "../../../lib/adapters/memory/read-models.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";
import { projectStreams } from "../../../lib/runtime/projections/project.ts";
import { added, commit, type Event, ignored, opened, place, projections } from "../carts.ts";

let checks = 0;

const counting = z.object({
  cartId: z.string(),
  sum: z
    .int()
    .max(10)
    .refine(() => {
      checks += 1;
      return true;
    }),
  note: z.string().default("none"),
});

const cart = projections[0]?.sources[0];
if (!cart) throw new Error("carts have a decider");

const sums = (row: z.ZodObject = counting): AnyProjection => ({
  name: "sums",
  row,
  sources: [cart],
  on: {
    Opened: { key: "cartId", evolve: (_, { data }: Event) => ({ cartId: data.cartId, sum: 0, extra: true }) },
    Added: {
      key: "cartId",
      evolve: (row: { sum: number }, { data }: Event) => ({ ...row, sum: row.sum + Number(data.quantity) }),
    },
  },
});

const world = async (commits: Parameters<typeof place>[0], projection = sums()) => {
  const { store, parked, log } = await place(commits);
  const readModels = memoryReadModels([projection]);
  const ports = { store, readModels, parked, clock: () => new Date(0), log };
  checks = 0;
  return {
    project: (given = commits, by = projection) => projectStreams(by, ports, new Map([["cart-1", given]])),
    row: async () => (await readModels.find("sums", "1"))?.row,
    parked: async () => (await parked.list()).map(({ version, error }) => [version, error]),
  };
};

const first = commit("1", 1, opened("1"), added("1", 1));

test("for all commits of a batch", async () => {
  const { project, row } = await world([first, commit("1", 3, added("1", 2)), commit("1", 4, added("1", 3))]);
  await project();
  expect(await row()).toStrictEqual({ cartId: "1", sum: 6, note: "none" });
  expect(checks).toBe(1);
});

test("and not what lies between: only what is written must fit", async () => {
  const { project, row, parked } = await world([first, commit("1", 3, added("1", 20), added("1", -15))]);
  await project();
  expect(await row()).toMatchObject({ sum: 6 });
  expect(await parked()).toEqual([]);
});

test("the commit after which it does not fit is parked, and what came before is written", async () => {
  const bad = commit("1", 4, added("1", 20));
  const { project, row, parked } = await world([first, commit("1", 3, added("1", 2)), bad]);
  await project();
  expect(await row()).toMatchObject({ sum: 3 });
  expect(await parked()).toEqual([[4, expect.stringMatching(/^Error: projection sums, row 1, \/sum: .*10/)]]);
});

test("a row that JSON cannot represent is not written", async () => {
  const loose = sums(z.object({ cartId: z.string(), sum: z.unknown() }));
  const dated = {
    ...loose,
    on: { Opened: { key: "cartId", evolve: () => ({ cartId: "1", sum: new Date(0) }) } },
  };
  const { project, row, parked } = await world([first], dated);
  await project();
  expect(await row()).toBeUndefined();
  expect(await parked()).toEqual([[1, expect.stringMatching("/sum: Date is not JSON")]]);
});

test("a row that its handler has changed in place is checked too", async () => {
  const change = (row: { sum: number } = { sum: 0 }) => Object.assign(row, { cartId: "1", sum: row.sum + 8 });
  const careless = {
    ...sums(),
    on: { Opened: { key: "cartId", evolve: change }, Added: { key: "cartId", evolve: change } },
  };
  const { project, parked } = await world(
    [commit("1", 1, opened("1")), commit("1", 2, added("1", 1))],
    careless,
  );
  await project([commit("1", 1, opened("1"))]);
  await project([commit("1", 2, added("1", 1))]);
  expect(await parked()).toEqual([[2, expect.stringMatching("/sum")]]);
});

test("a row of which only the checkpoint moves is not checked: it may be older than today's schema", async () => {
  const receipt = commit("1", 3, ignored);
  const { project, row, parked } = await world([first, receipt]);
  await project([first]);
  const narrower = sums(z.object({ cartId: z.string(), sum: z.int().min(100) }));
  await project([receipt], narrower);
  expect(await parked()).toEqual([]);
  expect(await row()).toMatchObject({ sum: 1 });
});
