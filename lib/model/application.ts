/** The one value from which runtime, infrastructure, documents and local cloud derive. */
import type { AnyDecider } from "./decider.ts";
import type { AnyEffect } from "./effect.ts";
import type { AnyProjection } from "./projection.ts";
import type { CommandReference } from "./reference.ts";
import type { AnySaga } from "./saga.ts";
import type { AnyTranslator } from "./translator.ts";

/** Who may call a route: anyone, a customer, or somebody who runs the business. */
export type Access = "public" | "customer" | "operator";

/** Every route has these. `summary` says in one line what a caller can do with the route: "Place an order". */
type Place = {
  readonly path: `/${string}`;
  readonly access: Access;
  readonly summary?: string;
};

/**
 * A command's data is the request's body together with its path parameters; its stream follows from the data.
 * A field named by the decider's `identifiedBy` that is in neither is derived from the Idempotency-Key, or new.
 * `location` is the path, with parameters from the command's data, that the answer points to.
 * `key: "required"` refuses requests without an Idempotency-Key.
 */
export type CommandRoute = Place & {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly command: CommandReference;
  readonly location?: `/${string}`;
  readonly key?: "required";
};

/** Answers the row whose key is the path's only parameter; its ETag begins with the version of the stream in `versionOf`. */
export type QueryRoute = Place & {
  readonly method: "GET";
  readonly query: AnyProjection;
  readonly versionOf: AnyDecider;
};

/**
 * Answers rows. The fields of its indexes are its optional query parameters: the first index whose field is
 * given is read, further fields filter. Without any, the index without `by` is read.
 */
export type ListRoute = Place & {
  readonly method: "GET";
  readonly list: AnyProjection;
  readonly indexes: readonly string[];
};

/** Answers the events of the stream whose id is the path's only parameter: the audit trail. */
export type HistoryRoute = Place & {
  readonly method: "GET";
  readonly history: AnyDecider;
};

/**
 * The instances of sagas: the status of one, a list of those with a status, or a decision about one that is parked.
 * The path's parameters are `saga` and `id`; a list has none.
 */
export type SagaRoute = Place &
  (
    | { readonly method: "GET"; readonly sagas: "status" | "list" }
    | { readonly method: "POST"; readonly sagas: "resume" }
  );

/** Answers for the application itself: its OpenAPI document, a page that shows it, or whether it is in good health. */
export type DocumentRoute = Place & {
  readonly method: "GET";
  readonly document: "openapi" | "page" | "health";
};

/** Leads to another path of the API. */
export type RedirectRoute = Place & {
  readonly method: "GET";
  readonly redirect: `/${string}`;
};

export type Route =
  | CommandRoute
  | QueryRoute
  | ListRoute
  | HistoryRoute
  | SagaRoute
  | DocumentRoute
  | RedirectRoute;

export type Application<Services> = {
  readonly name: string;
  /** Of what it promises to clients and subscribers; documents bear it. */
  readonly version?: string;
  readonly deciders: readonly AnyDecider[];
  readonly projections: readonly AnyProjection[];
  readonly effects: readonly AnyEffect<Services>[];
  readonly sagas: readonly AnySaga[];
  /** What it hears from other systems. */
  readonly translators?: readonly AnyTranslator[];
  readonly routes: readonly Route[];
};

/** The routes of an application, and `/`, which leads to its page unless the application has it for itself. */
export const routesOf = ({ routes }: { readonly routes: readonly Route[] }): readonly Route[] => {
  const page = routes.find((route) => "document" in route && route.document === "page");
  if (!page || routes.some(({ path }) => path === "/")) return routes;
  return [...routes, { method: "GET", path: "/", access: page.access, redirect: page.path }];
};

export const parametersOf = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => (name ? [name] : []));

/** Throws where the application has no decider of this category: a dangling name is a mistake of ours. */
export const deciderOf = (
  { name, deciders }: { readonly name: string; readonly deciders: readonly AnyDecider[] },
  category: string,
): AnyDecider => {
  const decider = deciders.find((each) => each.name === category);
  if (!decider) throw new Error(`${name} has no decider ${category}`);
  return decider;
};
