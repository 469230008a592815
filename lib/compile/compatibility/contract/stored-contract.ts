/** Reads contracts of the first format. They have no versions of events, no rows, and only the names of sagas. */
import * as z from "zod";
import { isSchema, type Schema } from "../../schemas/schemas.ts";
import { type Contract, contractShape, type Things } from "./contract.ts";

const schemas = z.record(z.string(), z.custom<Schema>(isSchema));

const firstShape = z.object({
  format: z.undefined().optional(),
  events: schemas,
  commands: schemas,
  foreign: schemas.default({}),
  sagas: z.array(z.string()).default([]),
});

/** Things of which only the name is known. */
const namesOnly = (names: readonly string[]): Things => Object.fromEntries(names.map((name) => [name, {}]));

const fromFirst = ({ events, commands, foreign, sagas }: z.infer<typeof firstShape>): Contract => ({
  format: 2,
  events: Object.fromEntries(
    Object.entries(events).map(([name, schema]) => [name, { version: 1, versions: { 1: { schema } } }]),
  ),
  commands,
  foreign,
  rows: {},
  deciders: namesOnly(
    Object.keys({ ...events, ...commands }).map((name) => name.slice(0, name.indexOf("."))),
  ),
  sagas: namesOnly(sagas),
});

/** A contract of either format. */
export const storedContract = z.union([contractShape, firstShape.transform(fromFirst)]);
