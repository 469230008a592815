/** Routes of the HTTP API: what each one does, who may call it, and whose things it shows or changes. */
import type { AnyDecider } from "../decider.ts";
import type { AnyProjection } from "../projection.ts";
import type { CommandReference } from "../reference.ts";
import type { Fact } from "./fact.ts";

/** Every route has these. `summary` says in one line what a caller can do with the route: "Place an order". */
type Place<Access> = {
  readonly path: `/${string}`;
  /** Who may call the route: one of the names in the application's `access`. */
  readonly access: Access;
  readonly summary?: string;
};

/** Callers with one of these access names may call the route too, and for things that others own. */
type Exempt<Access> = { readonly exempt: readonly Access[] };

/** The owner of a row is the subject in this field of the row. A row without it is for exempt callers only. */
type RowOwner<Access> = Exempt<Access> & { readonly field: string };

/** The owner of a stream is the subject that this fact of its state names. */
type StreamOwner<Access> = Exempt<Access> & { readonly fact: Fact };

/**
 * For a command in `begins`: the field of its data that must be the caller's subject, such as `customer.id`. If the
 * stream exists, the command changes it only if `fact` names the caller. Without `fact` it never changes it.
 */
type BeginnersOwner<Access> = Exempt<Access> & { readonly field: string; readonly fact?: Fact };

/** Whose things a route shows or changes. With `none`, they are of every caller who may call the route. */
type Owned<Owner> = { readonly owner: "none" | Owner };

/**
 * Sends a command. Its data are the fields of the JSON body and the path parameters together. The field that the
 * decider names as `identifiedBy` selects the stream. If the request does not have this field, its value is derived
 * from the Idempotency-Key, or is a new id if there is no key.
 * - `location` is the path that the answer points to. Its parameters are fields of the command's data.
 * - `key: "required"` refuses requests that have no Idempotency-Key.
 */
export type CommandRoute<Access extends string = string> = Place<Access> &
  Owned<StreamOwner<Access> | BeginnersOwner<Access>> & {
    readonly method: "POST" | "PUT" | "DELETE";
    readonly command: CommandReference;
    readonly location?: `/${string}`;
    readonly key?: "required";
  };

/**
 * Answers one row of a projection. The only path parameter is the key of the row. The ETag begins with the version
 * of the stream of the decider in `versionOf`. Without such a row, the answer is 404.
 */
export type QueryRoute<Access extends string = string> = Place<Access> &
  Owned<RowOwner<Access>> & {
    readonly method: "GET";
    readonly query: AnyProjection;
    readonly versionOf: AnyDecider;
  };

/**
 * Answers pages of rows. Each field of the named indexes is an optional query parameter. The first index whose
 * field the request has is read, and further fields filter its rows. Without any field, the index that has no `by`
 * is read.
 */
export type ListRoute<Access extends string = string> = Place<Access> &
  Owned<RowOwner<Access>> & {
    readonly method: "GET";
    readonly list: AnyProjection;
    readonly indexes: readonly string[];
  };

/** Answers the events of one stream, which are its audit trail. The only path parameter is the id of the stream. */
export type HistoryRoute<Access extends string = string> = Place<Access> &
  Owned<StreamOwner<Access>> & {
    readonly method: "GET";
    readonly history: AnyDecider;
  };

/**
 * Shows or resumes instances of sagas. `status` answers the status of one instance, `list` the instances that have
 * a given status, and `resume` takes the decision of an operator about a parked instance. The path parameters are
 * `saga` and `id`; a list has none.
 */
export type SagaRoute<Access extends string = string> = Place<Access> &
  Owned<never> &
  (
    | { readonly method: "GET"; readonly sagas: "status" | "list" }
    | { readonly method: "POST"; readonly sagas: "resume" }
  );

/** Answers about the application itself: its OpenAPI document, a page that shows this document, or its health. */
export type DocumentRoute<Access extends string = string> = Place<Access> & {
  readonly method: "GET";
  readonly document: "openapi" | "page" | "health";
};

/** Redirects to another path of the API. */
export type RedirectRoute<Access extends string = string> = Place<Access> & {
  readonly method: "GET";
  readonly redirect: `/${string}`;
};

/**
 * A route of the HTTP API. The field that says what it does (`command`, `query`, `list`, `history`, `sagas`,
 * `document` or `redirect`) decides its kind. A path begins with `/`; a segment in braces is a parameter:
 * `/orders/{id}`.
 */
export type Route<Access extends string = string> =
  | CommandRoute<Access>
  | QueryRoute<Access>
  | ListRoute<Access>
  | HistoryRoute<Access>
  | SagaRoute<Access>
  | DocumentRoute<Access>
  | RedirectRoute<Access>;

type Owner = Exclude<Extract<Route, { readonly owner: unknown }>["owner"], "none">;

/** A route whose things have owners. */
type OwnedRoute = Extract<Route, { readonly owner: unknown }> & { readonly owner: Owner };

/** Whether the things of a route have owners. */
export const hasOwner = (route: Route): route is OwnedRoute => "owner" in route && route.owner !== "none";

/** The access names whose callers may call the route. */
export const callersOf = (route: Route): readonly string[] =>
  hasOwner(route) ? [route.access, ...route.owner.exempt] : [route.access];

/** The names of the parameters in a path: `["id"]` for `/orders/{id}`. */
export const parametersOf = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => (name ? [name] : []));
