/** The members of the parts of an application. The type checker asks for a row for each member. */
import type { AnyApplication } from "../../application.ts";
import type { AnyDecider } from "../../decider.ts";
import type { AnyEffect } from "../../effect.ts";
import type { AnyProjection, Index } from "../../projection.ts";
import type { AnySaga, Step } from "../../saga.ts";
import type { AnyTranslator } from "../../translator.ts";
import {
  anything,
  byName,
  code,
  commandReference,
  eventReference,
  list,
  type Member,
  named,
  namedPart,
  number,
  object,
  oneOf,
  optional,
  type Part,
  partLike,
  partNamed,
  schema,
  sent,
  text,
  within,
} from "./member.ts";
import { route } from "./route-members.ts";
import { upcast } from "./upcast-members.ts";

type MembersOf<Part> = Readonly<Record<keyof Part, Member>>;

/** Earlier names. */
const formerly = optional(list(text));

const decider: MembersOf<AnyDecider> = {
  name: text,
  formerly,
  identifiedBy: text,
  commands: byName(schema),
  events: byName(schema),
  past: optional(list(upcast)),
  rejections: list(text),
  rejectionKinds: optional(byName(optional(oneOf("conflict", "not-found", "forbidden")))),
  initialState: anything,
  begins: optional(list(text)),
  decide: byName(code),
  evolve: byName(code),
};

const handler: MembersOf<AnyProjection["on"][string]> = {
  key: { expected: "a field or a function", fits: (value) => text.fits(value) || code.fits(value) },
  evolve: code,
};

const index: MembersOf<Index> = { by: optional(text), newestFirst: optional(text) };

const projection: MembersOf<AnyProjection> = {
  name: text,
  formerly,
  row: schema,
  sources: list(partNamed("decider")),
  on: byName(
    optional(partLike({ placeOf: (where, _, type) => `${where}, on ${type}`, membersOf: () => handler })),
  ),
  indexes: optional(
    byName(partLike({ placeOf: (where, _, name) => `${where}, index ${name}`, membersOf: () => index })),
  ),
};

const effect: MembersOf<AnyEffect<never>> = {
  name: text,
  formerly,
  on: eventReference,
  answers: list(commandReference),
  uses: byName(oneOf(true)),
  delivery: optional(object),
  perform: code,
};

const step: MembersOf<Step<never>> = {
  name: text,
  formerly,
  send: sent,
  succeeds: list(eventReference),
  fails: list(eventReference),
  timeoutSeconds: number,
  waits: optional(oneOf(false)),
  onlyIf: optional(code),
  undo: optional(sent),
  pivot: optional(oneOf(true)),
};

const saga: MembersOf<AnySaga> = {
  name: text,
  formerly,
  startsOn: eventReference,
  identifiedBy: code,
  steps: list(within(named("step", step))),
  completes: sent,
  abandons: sent,
};

const translator: MembersOf<AnyTranslator> = {
  name: text,
  formerly,
  source: text,
  channel: text,
  type: text,
  schema,
  send: sent,
  delivery: optional(object),
};

const application: MembersOf<AnyApplication> = {
  name: text,
  version: optional(text),
  deciders: list(named("decider", decider)),
  projections: list(named("projection", projection)),
  effects: list(named("effect", effect)),
  sagas: list(named("saga", saga)),
  translators: optional(list(named("translator", translator))),
  access: list(text),
  routes: list(route),
};

/** An application with all its parts, down to the steps of its sagas. */
export const applicationPart: Part = namedPart("application", application);
