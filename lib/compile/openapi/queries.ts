/** What routes that answer say of themselves. */
import type {
  DocumentRoute,
  HistoryRoute,
  ListRoute,
  QueryRoute,
  RedirectRoute,
} from "../../model/application.ts";
import { pageLimits } from "../../model/http/limits.ts";
import { receipts } from "../../model/message.ts";
import { exampleOf } from "../schemas/example.ts";
import { outputSchema, patternOf, type Schema } from "../schemas/schemas.ts";
import {
  json,
  type Parameter,
  pathParameters,
  preconditions,
  type Response,
  type Responses,
  referTo,
  type Said,
  text,
  validators,
} from "./operation.ts";
import { problemResponses } from "./problems.ts";

/** What every GET takes. */
export const conditions = preconditions("Only if the ETag is one of these", "ETags whose bodies are known");

/** What every GET may refuse because of them. */
export const unmet = ["header", "stale"] as const;

const notModified: Responses = { 304: { description: "Not changed", headers: validators } };

const foundAs = (answer: Response): Responses => ({
  200: { ...answer, headers: validators },
  ...notModified,
});

export const found = (schema: Schema, example?: unknown): Responses =>
  foundAs({ description: "As far as events have arrived", content: json(schema, example) });

type ObjectSchema = {
  readonly type: "object";
  readonly properties: Record<string, Schema>;
  readonly required: string[];
};

/** Names of what an object always has, and of what it may have. */
export const objectOf = (
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): ObjectSchema => ({
  type: "object" as const,
  properties: { ...required, ...optional },
  required: Object.keys(required),
});

export const ofQuery = (route: QueryRoute): Said => ({
  summary: `One ${route.query.name}`,
  parameters: [...pathParameters(route), ...conditions],
  responses: {
    ...found(referTo(`row.${route.query.name}`), exampleOf(outputSchema(route.query.row))),
    ...problemResponses(["schema", "not-found", ...unmet]),
  },
});

const filtersOf = ({ list, indexes }: ListRoute): readonly string[] => [
  ...new Set(indexes.flatMap((index) => list.indexes?.[index]?.by ?? [])),
];

/** A gateway joins the values of a repeated parameter by commas, so that no value may have one. */
const single: Schema = { ...text, minLength: 1, pattern: patternOf(/^[^,]+$/) };

/** What a field of a row may be asked for. */
const filterOf = (field: Schema | boolean | undefined): Schema => {
  if (typeof field !== "object") return single;
  if (field.enum !== undefined || field.const !== undefined) return field;
  return Object.keys(field).every((keyword) => keyword === "type") ? single : { allOf: [field, single] };
};

export const next: Parameter = {
  name: "next",
  in: "query",
  description: "As the page before has it. A text that no page had is refused",
  schema: { ...text, minLength: 1 },
};

export const ofList = (route: ListRoute): Said => {
  const { list, indexes } = route;
  const filters = filtersOf(route);
  const { properties = {} } = outputSchema(list.row);
  const listsAll = indexes.some((index) => list.indexes?.[index]?.by === undefined);
  const isOnly = !listsAll && filters.length === 1;
  const parameters: readonly Parameter[] = [
    ...filters.map(
      (name): Parameter => ({
        name,
        in: "query",
        ...(isOnly && { required: true }),
        schema: filterOf(properties[name]),
      }),
    ),
    {
      name: "limit",
      in: "query",
      schema: { type: "integer", minimum: 1, maximum: pageLimits.most, default: pageLimits.usual },
    },
    next,
  ];
  const row = referTo(`row.${list.name}`);
  const items = [exampleOf(outputSchema(list.row))];
  return {
    summary: `A list of ${list.name}`,
    ...(!listsAll && { description: `It takes ${filters.join(" or ")}.` }),
    parameters: [...parameters, ...conditions],
    responses: {
      ...found(objectOf({ items: { type: "array", items: row } }, { next: text }), { items }),
      ...problemResponses(["schema", ...unmet]),
    },
  };
};

export const time: Schema = { ...text, format: "date-time" };

const recorded = {
  version: { type: "integer", minimum: 1 },
  recordedAt: time,
  commandId: text,
  correlationId: text,
  causationId: text,
} as const satisfies Readonly<Record<string, Schema>>;

export const ofHistory = (route: HistoryRoute): Said => {
  const { name, events } = route.history;
  const types = [...Object.keys(events), ...Object.keys(receipts)];
  const event: Schema = {
    ...objectOf(
      { type: { enum: types }, data: { type: "object" }, ...recorded },
      { sagaId: text, actor: text },
    ),
    anyOf: types.map((type) => ({
      type: "object",
      properties: { type: { const: type }, data: referTo(`event.${type}`) },
    })),
  };
  return {
    summary: `The events of one ${name}`,
    description: "The audit trail, up to the last event that was accepted.",
    parameters: [...pathParameters(route), ...conditions],
    responses: {
      ...found(objectOf({ events: { type: "array", items: event } })),
      ...problemResponses(["schema", "not-found", ...unmet]),
    },
  };
};

const documents: Readonly<Record<DocumentRoute["document"], readonly [summary: string, answer: Response]>> = {
  openapi: ["This document", { description: "OpenAPI 3.1", content: json({ type: "object" }) }],
  page: [
    "This document, for people",
    { description: "A page that needs nothing from elsewhere", content: { "text/html": { schema: text } } },
  ],
  health: [
    "Whether it is in good health",
    {
      description: "All that it answers from can be read",
      content: json(objectOf({ status: { const: "ok" } })),
    },
  ],
};

export const ofDocument = ({ document }: DocumentRoute): Said => {
  const [summary, answer] = documents[document];
  return {
    summary,
    parameters: conditions,
    responses: { ...foundAs(answer), ...problemResponses(unmet) },
  };
};

export const ofRedirect = ({ redirect }: RedirectRoute): Said => ({
  summary: `Leads to ${redirect}`,
  parameters: [],
  responses: {
    302: {
      description: `It is at ${redirect}`,
      headers: { Location: { description: "Where to go", schema: { const: redirect } } },
    },
  },
});
