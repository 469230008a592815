/** The parts of OpenAPI that our documents use, and what all operations share. */

import { entityTagsPattern } from "../../model/http/headers.ts";
import { idPattern } from "../../model/http/id.ts";
import { parametersOf, type Route } from "../../model/http/route.ts";
import { patternOf, type Schema } from "../schemas/schemas.ts";

export type Parameter = {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: Schema;
};

export type Content = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

export type Headers = Readonly<Record<string, { readonly description: string; readonly schema: Schema }>>;

export type Response = {
  readonly description: string;
  readonly headers?: Headers;
  readonly content?: Content;
};

/** Keyed by status. */
export type Responses = Readonly<Record<string, Response>>;

export type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Responses;
  /** Alternatives: one of them is enough. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
};

/** The part of an operation that depends on the kind of route. The rest is the same for every kind. */
export type Said = Omit<Operation, "operationId" | "tags" | "security">;

export const referTo = (component: string): Schema => ({ $ref: `#/components/schemas/${component}` });

export const text: Schema = { type: "string" };

export const json = (schema: Schema, example?: unknown): Content => ({
  "application/json": { schema, ...(example !== undefined && { example }) },
});

/** The header of an answer to a command. */
export const etag: Headers = {
  ETag: { description: "The version of the last event", schema: { ...text, examples: ['"1"'] } },
};

/** The headers of an answer to a GET. */
export const validators: Headers = {
  ETag: {
    description:
      "Identifies this representation. The ETag of a single row begins with the version of its last event",
    schema: { ...text, examples: ['"1.fnMIdETGSjklLFpf"'] },
  },
  "Cache-Control": { description: "Caches must revalidate before they reuse the response", schema: text },
};

const tags: Schema = { ...text, pattern: patternOf(entityTagsPattern), examples: ['"1"'] };

export const preconditions = (ifMatch: string, ifNoneMatch: string): readonly Parameter[] => [
  { name: "If-Match", in: "header", description: ifMatch, schema: tags },
  { name: "If-None-Match", in: "header", description: ifNoneMatch, schema: tags },
];

/** The examples of a field, from the first schema of an object that has some. */
const examplesIn = (name: string, schemas: readonly Schema[]): Pick<Schema, "examples"> => {
  const fields = schemas.map(({ properties = {} }) => properties[name]);
  const found = fields.find((field) => typeof field === "object" && field.examples !== undefined);
  return typeof found === "object" ? { examples: found.examples } : {};
};

/** Every path parameter is an id. `schemas` are the schemas of objects that contain it as a field. */
export const pathParameters = ({ path }: Route, schemas: readonly Schema[] = []): readonly Parameter[] =>
  parametersOf(path).map((name) => ({
    name,
    in: "path",
    required: true,
    schema: { ...text, pattern: patternOf(idPattern), ...examplesIn(name, schemas) },
  }));

export const correlationId: Parameter = {
  name: "X-Correlation-Id",
  in: "header",
  description: "An id for the request, of 1 to 64 letters, digits, _ and -. Default: a new id",
  schema: text,
};

export const correlated: Headers = {
  "X-Correlation-Id": { description: "The id of the request, for finding it in logs", schema: text },
};
