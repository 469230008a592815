/** The operations of routes that read. */

import type { AnyDecider } from "../../model/decider.ts";
import { pageLimits } from "../../model/http/limits.ts";
import {
  type DocumentRoute,
  type HistoryRoute,
  hasOwner,
  type ListRoute,
  type QueryRoute,
  type RedirectRoute,
  type Route,
} from "../../model/http/route.ts";
import { receipts } from "../../model/message.ts";
import { exampleOf } from "../schemas/example.ts";
import { inputSchema, outputSchema, patternOf, type Schema } from "../schemas/schemas.ts";
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

/** The conditional headers of every GET. */
export const conditions = preconditions(
  "Answer only if the ETag is one of these",
  "The ETags of the representations that the client has; if one of them is current, the answer is 304",
);

/** The problems that these headers can cause. */
export const unmet = ["header", "stale"] as const;

const notModified: Responses = { 304: { description: "Not changed", headers: validators } };

const foundAs = (answer: Response): Responses => ({
  200: { ...answer, headers: validators },
  ...notModified,
});

export const found = (schema: Schema, example?: unknown): Responses =>
  foundAs({ description: "The state after the last processed event", content: json(schema, example) });

type ObjectSchema = {
  readonly type: "object";
  readonly properties: Record<string, Schema>;
  readonly required: string[];
};

/** An object schema with these required and optional fields. */
export const objectOf = (
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): ObjectSchema => ({
  type: "object" as const,
  properties: { ...required, ...optional },
  required: Object.keys(required),
});

/** The parameter that names a stream, with the example that the decider's commands have. */
const streamParameters = (route: Route, { commands }: AnyDecider): readonly Parameter[] =>
  pathParameters(route, Object.values(commands).map(inputSchema));

export const ofQuery = (route: QueryRoute): Said => ({
  summary: `One ${route.query.name}`,
  parameters: [...streamParameters(route, route.versionOf), ...conditions],
  responses: {
    ...found(referTo(`row.${route.query.name}`), exampleOf(outputSchema(route.query.row))),
    ...problemResponses(["schema", "not-found", ...unmet]),
  },
});

const filtersOf = ({ list, indexes }: ListRoute): readonly string[] => [
  ...new Set(indexes.flatMap((index) => list.indexes?.[index]?.by ?? [])),
];

/** A gateway joins the values of a repeated parameter with commas, so a value cannot contain one. */
const single: Schema = { ...text, minLength: 1, pattern: patternOf(/^[^,]+$/) };

/** The schema of a query parameter that filters by a field of the row. */
const filterOf = (field: Schema | boolean | undefined): Schema => {
  if (typeof field !== "object") return single;
  if (field.enum !== undefined || field.const !== undefined) return field;
  return Object.keys(field).every((keyword) => keyword === "type") ? single : { allOf: [field, single] };
};

export const next: Parameter = {
  name: "next",
  in: "query",
  description: "The `next` of the previous page. Any other value is refused",
  schema: { ...text, minLength: 1 },
};

/** A list of a caller's own rows needs no parameter. */
const requirementOf = (route: ListRoute, filters: readonly string[]): string => {
  const parameters = filters.join(" or ");
  return hasOwner(route)
    ? `Exempt callers must send the parameter ${parameters}.`
    : `Requires the parameter ${parameters}.`;
};

export const ofList = (route: ListRoute): Said => {
  const { list, indexes } = route;
  const filters = filtersOf(route);
  const { properties = {} } = outputSchema(list.row);
  const listsAll = indexes.some((index) => list.indexes?.[index]?.by === undefined);
  const isOnly = !listsAll && filters.length === 1 && !hasOwner(route);
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
    ...(!listsAll && { description: requirementOf(route, filters) }),
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
    description: "The audit trail, up to the last accepted event.",
    parameters: [...streamParameters(route, route.history), ...conditions],
    responses: {
      ...found(objectOf({ events: { type: "array", items: event } })),
      ...problemResponses(["schema", "not-found", ...unmet, "not-yet-readable"]),
    },
  };
};

const documents: Readonly<Record<DocumentRoute["document"], readonly [summary: string, answer: Response]>> = {
  openapi: ["This document", { description: "OpenAPI 3.1", content: json({ type: "object" }) }],
  page: [
    "This document as a web page",
    { description: "A page without external resources", content: { "text/html": { schema: text } } },
  ],
  health: [
    "Health check",
    {
      description: "Everything that the API reads from is available",
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
  summary: `Redirects to ${redirect}`,
  parameters: [],
  responses: {
    302: {
      description: `Redirect to ${redirect}`,
      headers: { Location: { description: "The target", schema: { const: redirect } } },
    },
  },
});
