/**
 * The contract of an application: what stored data, running instances, clients and subscribers rely on. A fact that an
 * earlier contract does not record is not compared. Everything is keyed by its stored name.
 */
import * as z from "zod";
import { isSchema, type Schema } from "../../schemas/schemas.ts";

const schema = z.custom<Schema>(isSchema);
const schemas = z.record(z.string(), schema);

/** A list gains and loses entries; another value changes. */
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const facts = z.record(z.string(), value);
const things = z.record(z.string(), facts);

const version = z.object({
  /** What is recorded. */
  schema,
  /** What is accepted from the store, if it differs: a field with a default may be missing there. */
  reads: schema.optional(),
  /** How an old version is read: `lift to OrderPlaced@2`. Absent for today's version. */
  link: z.string().optional(),
});

const event = z.object({
  /** Today's version. Absent if only old versions of the type are left. */
  version: z.int().optional(),
  versions: z.record(z.string(), version),
});

/** The kinds of things that have facts. */
const withFacts = z.object({
  applications: things,
  deciders: things,
  projections: things,
  effects: things,
  translators: things,
  sagas: things,
  steps: things,
  access: things,
  routes: things,
});

export const sections = withFacts.keyof().options;

export const contractShape = z.object({
  format: z.literal(2),
  events: z.record(z.string(), event),
  commands: schemas,
  /** The events of other systems, keyed by source and type: `warehouse.StockDelivered`. */
  foreign: schemas,
  /** The rows of each projection. */
  rows: schemas,
  ...withFacts.partial().shape,
});

export type Contract = z.infer<typeof contractShape>;
export type EventVersions = z.infer<typeof event>;
export type Value = z.infer<typeof value>;
export type Facts = z.infer<typeof facts>;
export type Things = z.infer<typeof things>;
export type Section = (typeof sections)[number];
