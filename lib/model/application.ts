/** The application value. The runtime, the stack, the documents and the local cloud are all derived from it. */
import type { AnyDecider } from "./decider.ts";
import type { AnyEffect } from "./effect.ts";
import type { Route } from "./http/route.ts";
import type { AnyProjection } from "./projection.ts";
import type { AnySaga } from "./saga.ts";
import type { AnyTranslator } from "./translator.ts";

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
 * const application: Application<object, readonly ["customer"]> = {
 *   name: "notebook",
 *   deciders: [notes],
 *   projections: [noteTexts],
 *   effects: [],
 *   sagas: [],
 *   access: ["customer"],
 *   routes: [
 *     { method: "POST", path: "/notes", access: "customer", owner: "none", command: writeNote, location: "/notes/{noteId}" },
 *     { method: "GET", path: "/notes/{noteId}", access: "customer", owner: "none", query: noteTexts, versionOf: notes },
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
export type Application<Services, Access extends readonly string[]> = {
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
  /**
   * The kinds of callers, as names for the `access` of routes. `public` is everyone. A caller of another kind has a
   * token with the name as a scope.
   */
  readonly access: Access;
  readonly routes: readonly Route<Access[number]>[];
};

/** An application whose access names are not known, as the runtime holds it. */
export type AnyApplication<Services = never> = Application<Services, readonly string[]>;

/** The routes of an application. If it has a page and no route for `/`, a redirect from `/` to the page is added. */
export const routesOf = ({ routes }: { readonly routes: readonly Route[] }): readonly Route[] => {
  const page = routes.find((route) => "document" in route && route.document === "page");
  if (!page || routes.some(({ path }) => path === "/")) return routes;
  return [...routes, { method: "GET", path: "/", access: page.access, redirect: page.path }];
};

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
