/** Generates commands from their schemas until one emits the event that a test asks for. */
import * as z from "zod";
import { exampleOf } from "../../../lib/compile/schemas/example.ts";
import { inputSchema } from "../../../lib/compile/schemas/schemas.ts";
import { type AnyApplication, deciderOf } from "../../../lib/model/application.ts";
import { type AnyDecider, decide, fold } from "../../../lib/model/decider.ts";
import { type Command, isReceipt, type Message, type RecordedEvent } from "../../../lib/model/message.ts";
import { type CommandReference, command, type EventReference } from "../../../lib/model/reference.ts";

type Data = Message["data"];

const record = z.record(z.string(), z.unknown());

const examples = new WeakMap<z.ZodObject, Data>();

const exampleFor = (schema: z.ZodObject): Data => {
  const example = examples.get(schema) ?? record.parse(exampleOf(inputSchema(schema)));
  examples.set(schema, example);
  return example;
};

/**
 * The example of the schema with the known values of the same names, then one variant for each boolean with that
 * boolean inverted.
 */
const dataFor = (schema: z.ZodObject, known: Data): readonly Data[] => {
  const example = exampleFor(schema);
  const names = Object.keys(schema.shape);
  const data = {
    ...example,
    ...Object.fromEntries(Object.entries(known).filter(([name]) => names.includes(name))),
  };
  const flags = Object.entries(data).filter(([, value]) => typeof value === "boolean");
  return [data, ...flags.map(([name, value]) => ({ ...data, [name]: !value }))];
};

export const stateAfter = (decider: AnyDecider, events: readonly RecordedEvent[]): unknown =>
  fold(
    decider,
    events.filter((event) => !isReceipt(event)),
  );

/** Throws if no candidate emits one of the outcomes. */
export const commandThatLeaves = (
  application: Pick<AnyApplication, "name" | "deciders">,
  candidates: readonly CommandReference[],
  outcomes: readonly EventReference[],
  known: Data,
  history: readonly RecordedEvent[],
): Command => {
  const leaves = (decider: AnyDecider, type: string, data: Data): boolean => {
    const decision = decide(decider, { type, data }, stateAfter(decider, history), { now: new Date(0) });
    return (
      !("rejected" in decision) &&
      outcomes.some((outcome) => decision.some((event) => event.type === outcome.type))
    );
  };
  for (const { category, type, schema } of candidates) {
    const decider = deciderOf(application, category);
    const data = dataFor(schema, known).find(
      (each) => schema.safeParse(each).success && leaves(decider, type, each),
    );
    if (data) return command(decider, type)(data);
  }
  throw new Error(`no command emits ${outcomes.map(({ type }) => type).join(" or ")}`);
};
