/**
 * Whether a command of a saga goes to one stream or to several. It is a function of the start, so it is called with an
 * example in which each list has two items. A function that refuses the example leaves the fact unrecorded. A list that
 * happens to make one command from the example looks like one command.
 */

import type { Command } from "../../../model/message.ts";
import type { EventReference } from "../../../model/reference.ts";
import type { AnySaga, Outcomes } from "../../../model/saga.ts";
import { exampleOf } from "../../schemas/example.ts";
import { isSchema, outputSchema } from "../../schemas/schemas.ts";

/** Another value of the same kind, so that the two items of a list differ. */
const another = (value: unknown): unknown => {
  if (typeof value === "string") return `${value}2`;
  if (typeof value === "number") return value + 1;
  if (Array.isArray(value)) return value.map(another);
  if (!isSchema(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, another(part)]));
};

const withTwoItems = (value: unknown): unknown => {
  if (Array.isArray(value)) return [...value, ...value.map(another)].map(withTwoItems);
  if (!isSchema(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withTwoItems(part)]));
};

const exampleEvent = ({ category, type, schema }: EventReference) => ({
  type,
  data: withTwoItems(exampleOf(outputSchema(schema))),
  metadata: {
    id: `${category}-1@1`,
    streamId: `${category}-1`,
    version: 1,
    recordedAt: "2026-01-31T12:00:00.000Z",
    commandId: "example",
    causationId: "example",
    correlationId: "example",
  },
});

/** The example has the form that the references name; their types are not known here. */
const outcomes: Outcomes = {
  one: (reference) => exampleEvent(reference) as never,
  all: (reference) => [exampleEvent(reference), another(exampleEvent(reference))] as never,
};

/** The arguments from which a saga makes its commands. */
export const exampleFor = ({ startsOn }: AnySaga) => ({ start: exampleEvent(startsOn) as never, outcomes });

/** Whether the example leads to a number of commands other than one. Undefined if it is refused. */
export const isSeveral = (make: () => readonly Command[]): boolean | undefined => {
  try {
    return make().length !== 1;
  } catch {
    return undefined;
  }
};
