/** The parts of an OpenAPI document, as far as our documents have them; and what all operations share. */
import { parametersOf, type Route } from "../../model/application.ts";
import { entityTagsPattern } from "../../model/http/headers.ts";
import { idPattern } from "../../model/http/id.ts";
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

/** By status. */
export type Responses = Readonly<Record<string, Response>>;

export type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Responses;
  /** Any of these is enough. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
};

/** What a kind of route says of itself; the rest follows from its row alone. */
export type Said = Omit<Operation, "operationId" | "tags" | "security">;

export const referTo = (component: string): Schema => ({ $ref: `#/components/schemas/${component}` });

export const text: Schema = { type: "string" };

export const json = (schema: Schema, example?: unknown): Content => ({
  "application/json": { schema, ...(example !== undefined && { example }) },
});

/** Of the answer to a command. */
export const etag: Headers = {
  ETag: { description: "The version of the last event", schema: { ...text, examples: ['"1"'] } },
};

/** Of what is read. */
export const validators: Headers = {
  ETag: {
    description: "Names these very bytes; of one row it begins with the version of its last event",
    schema: { ...text, examples: ['"1.fnMIdETGSjklLFpf"'] },
  },
  "Cache-Control": { description: "A cache must ask before it shows what it has", schema: text },
};

const tags: Schema = { ...text, pattern: patternOf(entityTagsPattern), examples: ['"1"'] };

export const preconditions = (ifMatch: string, ifNoneMatch: string): readonly Parameter[] => [
  { name: "If-Match", in: "header", description: ifMatch, schema: tags },
  { name: "If-None-Match", in: "header", description: ifNoneMatch, schema: tags },
];

/** Every path parameter is an id. */
export const pathParameters = ({ path }: Route): readonly Parameter[] =>
  parametersOf(path).map((name) => ({
    name,
    in: "path",
    required: true,
    schema: { ...text, pattern: patternOf(idPattern) },
  }));

export const correlationId: Parameter = {
  name: "X-Correlation-Id",
  in: "header",
  description: "An id of 1 to 64 letters, digits, _ and - to find the request by; else it gets a new one",
  schema: text,
};

export const correlated: Headers = {
  "X-Correlation-Id": { description: "The id to find the request by", schema: text },
};
