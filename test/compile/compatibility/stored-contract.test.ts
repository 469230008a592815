/** Contracts in files: today's format, and the first one. */
import { expect, test } from "vitest";
import * as z from "zod";
import { sentenceOf } from "../../../lib/compile/compatibility/changes/change.ts";
import { changesBetween } from "../../../lib/compile/compatibility/changes/changes.ts";
import { contractOf } from "../../../lib/compile/compatibility/contract/contract-of.ts";
import { storedContract } from "../../../lib/compile/compatibility/contract/stored-contract.ts";
import { inputSchema, outputSchema } from "../../../lib/compile/schemas/schemas.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import { seat, trip, trips } from "./trips.ts";

const read = (contract: unknown) => storedContract.parse(JSON.parse(JSON.stringify(contract)));

const linesFor = (before: unknown, after: AnyApplication): readonly string[] =>
  changesBetween(read(before), contractOf(after)).map((change) => `${change.kind}: ${sentenceOf(change)}`);

/** As the first format has it. */
const first = {
  events: Object.fromEntries(
    [trip, seat].flatMap(({ name, events }) =>
      Object.entries<z.ZodType>(events).map(([type, schema]) => [`${name}.${type}`, outputSchema(schema)]),
    ),
  ),
  commands: Object.fromEntries(
    [trip, seat].flatMap(({ name, commands }) =>
      Object.entries<z.ZodType>(commands).map(([type, schema]) => [`${name}.${type}`, inputSchema(schema)]),
    ),
  ),
  foreign: {},
  sagas: ["booking"],
};

test("a contract that was stored in a file is equal", () => {
  expect(read(contractOf(trips))).toEqual(contractOf(trips));
  expect(linesFor(contractOf(trips), trips)).toEqual([]);
});

test("a contract of the first format is compared as far as it goes", () => {
  expect(linesFor(first, trips)).toEqual(["compatible: foreign event facilities.SeatBroken: is new"]);
  expect(linesFor({ ...first, sagas: [...first.sagas, "refund"] }, { ...trips, deciders: [seat] })).toEqual([
    "breaking: decider trip: is removed",
    "breaking: saga refund: is removed",
    "compatible: foreign event facilities.SeatBroken: is new",
  ]);
  const events = { ...trip.events, TripConfirmed: z.object({ tripId: z.int() }) };
  const changed = { ...trips, deciders: [{ ...trip, events }, seat] };
  expect(linesFor(first, changed)).toContain(
    "breaking: event trip.TripConfirmed@1: tripId was string and is integer",
  );
});

test("a fact that the earlier contract does not record is not compared", () => {
  const { steps: _, ...withoutSteps } = contractOf(trips);
  expect(linesFor(withoutSteps, trips)).toEqual([]);
  const { deciders, ...others } = contractOf(trips);
  expect(linesFor({ ...others, deciders: { trip: {}, seat: {} } }, trips)).toEqual([]);
  expect(deciders?.trip).not.toEqual({});
});

test("a contract of a later format is refused", () => {
  const { events, commands, foreign } = contractOf(trips);
  expect(storedContract.safeParse({ ...contractOf(trips), format: 3 }).success).toBe(false);
  expect(storedContract.safeParse({ events, commands, foreign, format: 3 }).success).toBe(false);
});
