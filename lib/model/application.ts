/** The application value. The runtime, the stack, the documents and the local cloud are all derived from it. */
import type { AnyDecider } from "./decider.ts";
import type { AnyEffect } from "./effect.ts";
import type { AnyProjection } from "./projection.ts";
import type { CommandReference } from "./reference.ts";
import type { AnySaga } from "./saga.ts";
import type { AnyTranslator } from "./translator.ts";

/** All values of `Access`. */
export const accesses = ["public", "customer", "operator"] as const;

/** Who may call a route: anyone, a customer, or an operator, who is a person that runs the business. */
export type Access = (typeof accesses)[number];

/** Every route has these. `summary` says in one line what a caller can do with the route: "Place an order". */
type Place = {
  readonly path: `/${string}`;
  readonly access: Access;
  readonly summary?: string;
};

/**
 * Sends a command. Its data are the fields of the JSON body and the path parameters together. The field that the
 * decider names as `identifiedBy` selects the stream. If the request does not have this field, its value is derived
 * from the Idempotency-Key, or is a new id if there is no key.
 * - `location` is the path that the answer points to. Its parameters are fields of the command's data.
 * - `key: "required"` refuses requests that have no Idempotency-Key.
 */
export type CommandRoute = Place & {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly command: CommandReference;
  readonly location?: `/${string}`;
  readonly key?: "required";
};

/**
 * Answers one row of a projection. The only path parameter is the key of the row. The ETag begins with the version
 * of the stream of the decider in `versionOf`. Without such a row, the answer is 404.
 */
export type QueryRoute = Place & {
  readonly method: "GET";
  readonly query: AnyProjection;
  readonly versionOf: AnyDecider;
};

/**
 * Answers pages of rows. Each field of the named indexes is an optional query parameter. The first index whose
 * field the request has is read, and further fields filter its rows. Without any field, the index that has no `by`
 * is read.
 */
export type ListRoute = Place & {
  readonly method: "GET";
  readonly list: AnyProjection;
  readonly indexes: readonly string[];
};

/** Answers the events of one stream, which are its audit trail. The only path parameter is the id of the stream. */
export type HistoryRoute = Place & {
  readonly method: "GET";
  readonly history: AnyDecider;
};

/**
 * Shows or resumes instances of sagas. `status` answers the status of one instance, `list` the instances that have
 * a given status, and `resume` takes the decision of an operator about a parked instance. The path parameters are
 * `saga` and `id`; a list has none.
 */
export type SagaRoute = Place &
  (
    | { readonly method: "GET"; readonly sagas: "status" | "list" }
    | { readonly method: "POST"; readonly sagas: "resume" }
  );

/** Answers about the application itself: its OpenAPI document, a page that shows this document, or its health. */
export type DocumentRoute = Place & {
  readonly method: "GET";
  readonly document: "openapi" | "page" | "health";
};

/** Redirects to another path of the API. */
export type RedirectRoute = Place & {
  readonly method: "GET";
  readonly redirect: `/${string}`;
};

/**
 * A route of the HTTP API. The field that says what it does (`command`, `query`, `list`, `history`, `sagas`,
 * `document` or `redirect`) decides its kind. A path begins with `/`; a segment in braces is a parameter:
 * `/orders/{id}`.
 */
export type Route =
  | CommandRoute
  | QueryRoute
  | ListRoute
  | HistoryRoute
  | SagaRoute
  | DocumentRoute
  | RedirectRoute;

/**
 * Everything that an application consists of, as one value. `Services` are the ports that its effects use. The
 * types check each part; `validate` checks how the parts fit together.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { type Application, command, type Decider, type Projection, validate } from "eventfold";
 * import { inOneProcess } from "eventfold/testing";
 * import * as z from "zod";
 *
 * const noteId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
 * const note = z.object({ noteId, text: z.string() });
 * const commands = { WriteNote: note };
 * const events = { NoteWritten: note };
 *
 * const notes: Decider<null, typeof commands, typeof events, readonly []> = {
 *   name: "note",
 *   identifiedBy: "noteId",
 *   commands,
 *   events,
 *   rejections: [],
 *   initialState: null,
 *   decide: { WriteNote: ({ data }) => [{ type: "NoteWritten", data }] },
 *   evolve: { NoteWritten: () => null },
 * };
 * const writeNote = command(notes, "WriteNote");
 *
 * const noteTexts: Projection<typeof note, typeof notes> = {
 *   name: "note-texts",
 *   row: note,
 *   sources: [notes],
 *   on: { NoteWritten: { key: "noteId", evolve: (_, { data }) => data } },
 * };
 *
 * const application: Application<object> = {
 *   name: "notebook",
 *   deciders: [notes],
 *   projections: [noteTexts],
 *   effects: [],
 *   sagas: [],
 *   routes: [
 *     { method: "POST", path: "/notes", access: "customer", command: writeNote, location: "/notes/{noteId}" },
 *     { method: "GET", path: "/notes/{noteId}", access: "customer", query: noteTexts, versionOf: notes },
 *   ],
 * };
 * assert.deepEqual(validate(application), []);
 *
 * const { send, idle, row } = inOneProcess(application, {});
 * await send(writeNote({ noteId: "1", text: "Water the plants" }));
 * await idle();
 * assert.deepEqual(await row("note-texts", "1"), { noteId: "1", text: "Water the plants" });
 * ```
 */
export type Application<Services> = {
  /** The name of the stack, the bus and the API, and the `source` of its events. Letters, digits and dashes. */
  readonly name: string;
  /** The version of the API and of the events, as the documents show it. */
  readonly version?: string;
  readonly deciders: readonly AnyDecider[];
  readonly projections: readonly AnyProjection[];
  readonly effects: readonly AnyEffect<Services>[];
  readonly sagas: readonly AnySaga[];
  /** Turn events of other systems into commands. None if absent. */
  readonly translators?: readonly AnyTranslator[];
  readonly routes: readonly Route[];
};

/** The routes of an application. If it has a page and no route for `/`, a redirect from `/` to the page is added. */
export const routesOf = ({ routes }: { readonly routes: readonly Route[] }): readonly Route[] => {
  const page = routes.find((route) => "document" in route && route.document === "page");
  if (!page || routes.some(({ path }) => path === "/")) return routes;
  return [...routes, { method: "GET", path: "/", access: page.access, redirect: page.path }];
};

/** The names of the parameters in a path: `["id"]` for `/orders/{id}`. */
export const parametersOf = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => (name ? [name] : []));

/** The decider with this name. Throws if the application has none: a missing name is a bug of the application. */
export const deciderOf = (
  { name, deciders }: { readonly name: string; readonly deciders: readonly AnyDecider[] },
  category: string,
): AnyDecider => {
  const decider = deciders.find((each) => each.name === category);
  if (!decider)
    throw new Error(
      `application ${name}: expected a decider ${category}, got ${deciders.map((each) => each.name).join(", ") || "none"}`,
    );
  return decider;
};
