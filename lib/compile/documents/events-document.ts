/** The events of an application in Markdown: who emits each, who consumes it, and its fields. */
import type * as z from "zod";
import { resumed } from "../../model/delivery/interest.ts";
import { receipts } from "../../model/message.ts";
import { storedNameOf } from "../../model/names/stored-name.ts";
import { commandsOf } from "../../model/saga.ts";
import { exampleOf } from "../schemas/example.ts";
import { isSchema, outputSchema, type Schema } from "../schemas/schemas.ts";
import { answeredWith, consumersOf, type Parties, sendersOf } from "./consumers.ts";

const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

/** An unescaped `|` would end the table cell. */
const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(columns), row(columns.map(() => "---")), ...rows.map(row)].join("\n");

const typeOf = ({ type, format, enum: values, const: only, anyOf, items }: Schema): string => {
  if (values) return values.map((value) => JSON.stringify(value)).join(" or ");
  if (only !== undefined) return JSON.stringify(only);
  if (anyOf) return anyOf.map((part) => (isSchema(part) ? typeOf(part) : "anything")).join(" or ");
  if (type === "array") return isSchema(items) ? `list of ${typeOf(items)}` : "list";
  return format ?? [type ?? "anything"].flat().join(" or ");
};

const limits = [
  "minLength",
  "maxLength",
  "minimum",
  "exclusiveMinimum",
  "maximum",
  "minItems",
  "maxItems",
] as const;

/** Whether a limit only says that the integer is safe, which the head of the document says once. */
const isOfAll = (limit: number | boolean | undefined): boolean =>
  limit === undefined || Math.abs(Number(limit)) === Number.MAX_SAFE_INTEGER;

const limitsOf = (schema: Schema): string =>
  [
    ...limits.filter((limit) => !isOfAll(schema[limit])).map((limit) => `${limit} ${schema[limit]}`),
    ...(schema.pattern !== undefined && schema.format === undefined
      ? [`pattern ${code(schema.pattern)}`]
      : []),
  ].join(", ");

/** A line per field. Fields of nested objects and lists follow the field that contains them. */
const fieldsOf = (schema: Schema, path = ""): readonly (readonly string[])[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    if (!isSchema(part)) return [];
    const here = `${path}${name}`;
    const isRequired = schema.required?.includes(name) === true;
    const items = isSchema(part.items) ? part.items : {};
    return [
      [code(here), typeOf(part), isRequired ? "yes" : "", limitsOf(part)],
      ...fieldsOf(part, `${here}.`),
      ...fieldsOf(items, `${here}[].`),
    ];
  });

const shape = (schema: z.ZodObject): string => {
  const data = outputSchema(schema);
  return [table(["field", "type", "required", "limits"], fieldsOf(data)), json(exampleOf(data))].join("\n\n");
};

const orNone = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));

const eventPart = (application: Parties, decider: string, type: string, schema: z.ZodObject): string => {
  const consumers = consumersOf(application, { decider, type }).map(({ kind, name }) => `${kind} ${name}`);
  const answered = answeredWith(application, { decider, type });
  const parties = [
    `Emitted by ${decider}. Consumers: ${orNone(consumers)}.`,
    ...(answered.length > 0 ? [`Read in the answer to its own command: ${answered.join(", ")}.`] : []),
  ];
  return [`### ${type}`, parties.join(" "), shape(schema)].join("\n\n");
};

const deciderPart = (application: Parties, decider: Parties["deciders"][number]): string => {
  const { name, identifiedBy, commands, events } = decider;
  const senders = Object.keys(commands).map((type) => [
    type,
    orNone(sendersOf(application, { decider: name, type })),
  ]);
  return [
    `## ${name}`,
    `Streams: \`${storedNameOf(decider)}-{${identifiedBy}}\`, one for each \`${identifiedBy}\`. Commands:`,
    table(["command", "sent by"], senders),
    ...Object.entries(events).map(([type, schema]) => eventPart(application, name, type, schema)),
  ].join("\n\n");
};

const foreignPart = ({ translators = [] }: Parties): readonly string[] => {
  if (translators.length === 0) return [];
  const channels = translators.map(({ name, source, channel, type, schema, send: { command } }) =>
    [
      `### ${type} of ${source}`,
      `Published on \`${source}.${channel}\`. The translator ${name} turns it into the command ${command.type} to ${command.decider}.`,
      shape(schema),
    ].join("\n\n"),
  );
  return [
    "## From other systems",
    [
      "CloudEvents of other systems. Each is processed once, identified by its source and id. Unknown fields of their data",
      "are ignored; an event that lacks a required field becomes a dead letter.",
    ].join("\n"),
    ...channels,
  ];
};

const receiptsPart = ({ sagas, effects, translators = [] }: Parties): string => {
  const senders = [
    ...sagas.filter((saga) => commandsOf(saga).length > 0).map(({ name }) => `saga ${name}`),
    ...effects.filter(({ answers }) => answers.length > 0).map(({ name }) => `effect ${name}`),
    ...translators.map(({ name }) => `translator ${name}`),
  ];
  return [
    "## Receipts",
    [
      "Recorded in any stream for a command of a saga, an effect or a translator that has no event as its result.",
      `Senders of such commands: ${orNone(senders)}.`,
    ].join("\n"),
    ...Object.entries(receipts).map(([type, schema]) =>
      [
        `### ${type}`,
        ...(type === resumed ? [`Consumers: ${orNone(sagas.map(({ name }) => `saga ${name}`))}.`] : []),
        shape(schema),
      ].join("\n\n"),
    ),
  ].join("\n\n");
};

export const toEventsDocument = (application: Parties & { readonly name: string }): string =>
  `${[
    `# Events of ${application.name}`,
    [
      "Generated by `npx eventfold document`. Every event is published as a CloudEvent; this page shows its data. The envelope,",
      "the channels and the keys are in [asyncapi.yaml](asyncapi.yaml). Projections read from the store, not from the bus.",
      "Integers are safe: from -(2^53 - 1) to 2^53 - 1.",
    ].join("\n"),
    ...application.deciders.map((decider) => deciderPart(application, decider)),
    receiptsPart(application),
    ...foreignPart(application),
  ].join("\n\n")}\n`;
