/** The events of an application for people, in Markdown: who records each, who listens to it, what it looks like. */
import type * as z from "zod";
import { receipts } from "../../model/message.ts";
import { commandsOf } from "../../model/saga.ts";
import { exampleOf } from "../schemas/example.ts";
import { isSchema, outputSchema, type Schema } from "../schemas/schemas.ts";
import { consumersOf, type Parties, sendersOf } from "./consumers.ts";

const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

/** A bar would end the cell. */
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

/** Every integer is a safe one, which the head of the document says once. */
const isOfAll = (limit: number | boolean | undefined): boolean =>
  limit === undefined || Math.abs(Number(limit)) === Number.MAX_SAFE_INTEGER;

const limitsOf = (schema: Schema): string =>
  [
    ...limits.filter((limit) => !isOfAll(schema[limit])).map((limit) => `${limit} ${schema[limit]}`),
    ...(schema.pattern !== undefined && schema.format === undefined
      ? [`pattern ${code(schema.pattern)}`]
      : []),
  ].join(", ");

/** Each field a line, those of nested objects and lists behind the field that has them. */
const fieldsOf = (schema: Schema, path = ""): readonly (readonly string[])[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    if (!isSchema(part)) return [];
    const here = `${path}${name}`;
    const isRequired = schema.required?.includes(name) === true;
    const items = isSchema(part.items) ? part.items : {};
    return [
      [code(here), typeOf(part), isRequired ? "always" : "", limitsOf(part)],
      ...fieldsOf(part, `${here}.`),
      ...fieldsOf(items, `${here}[].`),
    ];
  });

const shape = (schema: z.ZodObject): string => {
  const data = outputSchema(schema);
  return [table(["field", "type", "there", "limits"], fieldsOf(data)), json(exampleOf(data))].join("\n\n");
};

const orNobody = (names: readonly string[]): string => (names.length === 0 ? "nobody" : names.join(", "));

const eventPart = (application: Parties, category: string, type: string, schema: z.ZodObject): string => {
  const consumers = consumersOf(application, { category, type }).map(({ kind, name }) => `${kind} ${name}`);
  return [`### ${type}`, `Emitted by ${category}. Consumed by ${orNobody(consumers)}.`, shape(schema)].join(
    "\n\n",
  );
};

const deciderPart = (application: Parties, decider: Parties["deciders"][number]): string => {
  const { name, identifiedBy, commands, events } = decider;
  const senders = Object.keys(commands).map((type) => [
    type,
    orNobody(sendersOf(application, { category: name, type })),
  ]);
  return [
    `## ${name}`,
    `A stream for each \`${identifiedBy}\`: \`${name}-{${identifiedBy}}\`. Its events follow from these commands:`,
    table(["command", "sent by"], senders),
    ...Object.entries(events).map(([type, schema]) => eventPart(application, name, type, schema)),
  ].join("\n\n");
};

const foreignPart = ({ translators = [] }: Parties): readonly string[] => {
  if (translators.length === 0) return [];
  const channels = translators.map(({ name, source, channel, type, schema, send: { command } }) =>
    [
      `### ${type} of ${source}`,
      `Published on \`${source}.${channel}\`. The translator ${name} makes ${command.type} to ${command.category} of it.`,
      shape(schema),
    ].join("\n\n"),
  );
  return [
    "## From other systems",
    [
      "CloudEvents of others, each taken once by its source and id. What else stands in their data is dropped; one",
      "that lacks what is shown here is a dead letter.",
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
      "Recorded in any stream for a command of a saga, an effect or a translator that leaves no event of its own.",
      `Such commands come from ${orNobody(senders)}.`,
    ].join("\n"),
    ...Object.entries(receipts).map(([type, schema]) => `### ${type}\n\n${shape(schema)}`),
  ].join("\n\n");
};

export const toEventsDocument = (application: Parties & { readonly name: string }): string =>
  `${[
    `# Events of ${application.name}`,
    [
      "Made by `npm run document`. Every event is published as a CloudEvent, whose data is shown here; its envelope,",
      "channels and keys are in [asyncapi.yaml](asyncapi.yaml). Projections read the store and not the bus.",
      "Integers are safe: from -(2^53 - 1) to 2^53 - 1.",
    ].join("\n"),
    ...application.deciders.map((decider) => deciderPart(application, decider)),
    receiptsPart(application),
    ...foreignPart(application),
  ].join("\n\n")}\n`;
