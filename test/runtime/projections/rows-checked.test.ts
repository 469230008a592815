/** A row is checked by its schema once, when it is written. */
import { expect, test } from "vitest";
import * as z from "zod";
import { memoryReadModels } from "../../../lib/adapters/memory/read-models.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";
import { projectStreams } from "../../../lib/runtime/projections/project.ts";
import {
  acquired,
  commit,
  type Event,
  ignored,
  listed,
  place,
  projections,
} from "../../library/fixtures/catalogue.ts";

let checks = 0;

const counting = z.object({
  bookId: z.string(),
  sum: z
    .int()
    .max(10)
    .refine(() => {
      checks += 1;
      return true;
    }),
  note: z.string().default("none"),
});

const book = projections[0]?.sources[0];
if (!book) throw new Error("the projection has no decider");

const sums = (row: z.ZodObject = counting): AnyProjection => ({
  name: "sums",
  row,
  sources: [book],
  on: {
    BookListed: {
      key: "bookId",
      evolve: (_, { data }: Event) => ({ bookId: data.bookId, sum: 0, extra: true }),
    },
    CopiesAcquired: {
      key: "bookId",
      evolve: (row: { sum: number }, { data }: Event) => ({ ...row, sum: row.sum + Number(data.copies) }),
    },
  },
});

const world = async (commits: Parameters<typeof place>[0], projection = sums()) => {
  const { store, parked, log } = await place(commits);
  const readModels = memoryReadModels([projection]);
  const ports = { store, readModels, parked, clock: () => new Date(0), log };
  checks = 0;
  return {
    project: (given = commits, by = projection) => projectStreams(by, ports, new Map([["book-1", given]])),
    row: async () => (await readModels.find("sums", "1"))?.row,
    parked: async () => (await parked.list()).map(({ version, error }) => [version, error]),
  };
};

const first = commit("1", 1, listed("1"), acquired("1", 1));

test("all commits of a batch are checked together, once", async () => {
  const { project, row } = await world([
    first,
    commit("1", 3, acquired("1", 2)),
    commit("1", 4, acquired("1", 3)),
  ]);
  await project();
  expect(await row()).toStrictEqual({ bookId: "1", sum: 6, note: "none" });
  expect(checks).toBe(1);
});

test("rows between two commits are not checked: only the written row must fit", async () => {
  const { project, row, parked } = await world([
    first,
    commit("1", 3, acquired("1", 20), listed("1"), acquired("1", 6)),
  ]);
  await project();
  expect(await row()).toMatchObject({ sum: 6 });
  expect(await parked()).toEqual([]);
});

test("the commit after which the row does not fit is parked, and the earlier commits are written", async () => {
  const bad = commit("1", 4, acquired("1", 20));
  const { project, row, parked } = await world([first, commit("1", 3, acquired("1", 2)), bad]);
  await project();
  expect(await row()).toMatchObject({ sum: 3 });
  expect(await parked()).toEqual([[4, expect.stringMatching(/^Error: projection sums, row 1, \/sum: .*10/)]]);
});

test("a row that JSON cannot represent is not written", async () => {
  const loose = sums(z.object({ bookId: z.string(), sum: z.unknown() }));
  const dated = {
    ...loose,
    on: { BookListed: { key: "bookId", evolve: () => ({ bookId: "1", sum: new Date(0) }) } },
  };
  const { project, row, parked } = await world([first], dated);
  await project();
  expect(await row()).toBeUndefined();
  expect(await parked()).toEqual([[1, expect.stringMatching("/sum: Date is not JSON")]]);
});

test("a row that its handler has changed in place is checked too", async () => {
  const change = (row: { sum: number } = { sum: 0 }) => Object.assign(row, { bookId: "1", sum: row.sum + 8 });
  const careless = {
    ...sums(),
    on: { BookListed: { key: "bookId", evolve: change }, CopiesAcquired: { key: "bookId", evolve: change } },
  };
  const { project, parked } = await world(
    [commit("1", 1, listed("1")), commit("1", 2, acquired("1", 1))],
    careless,
  );
  await project([commit("1", 1, listed("1"))]);
  await project([commit("1", 2, acquired("1", 1))]);
  expect(await parked()).toEqual([[2, expect.stringMatching("/sum")]]);
});

test("a row is not checked if only its checkpoint moves: it may be older than today's schema", async () => {
  const receipt = commit("1", 3, ignored);
  const { project, row, parked } = await world([first, receipt]);
  await project([first]);
  const narrower = sums(z.object({ bookId: z.string(), sum: z.int().min(100) }));
  await project([receipt], narrower);
  expect(await parked()).toEqual([]);
  expect(await row()).toMatchObject({ sum: 1 });
});
