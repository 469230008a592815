/** The members of routes. The type checker asks for a row for each kind of route. */
import type {
  CommandRoute,
  DocumentRoute,
  HistoryRoute,
  ListRoute,
  QueryRoute,
  RedirectRoute,
  SagaRoute,
} from "../../http/route.ts";
import { addOrRename } from "../rule.ts";
import {
  commandReference,
  isObject,
  list,
  type Member,
  type Members,
  memberOf,
  oneOf,
  optional,
  type Part,
  partLike,
  partNamed,
  text,
} from "./member.ts";

const place = {
  path: text,
  access: text,
  summary: optional(text),
};

/** A missing owner could mean that every caller may see everything, so a route without one says `none`. */
const ownedBy = (names: string, members: Members, problemsOf?: Part["problemsOf"]): Member => ({
  expected: `"none" or an object with ${names}`,
  fits: (owner) => owner === "none" || isObject(owner),
  part: {
    placeOf: (where) => `${where}, owner`,
    membersOf: () => members,
    ...(problemsOf && { problemsOf }),
  },
});

const exempt = list(text);

const fact: Member = {
  expected: "a fact made with fact()",
  fits: (value) => isObject(value) && memberOf(value, "kind") === "fact",
};

const ownerOfRow = ownedBy("field and exempt", { field: text, exempt });

const ownerOfStream = ownedBy("fact and exempt", { fact, exempt });

const commandOwner: Members = { field: optional(text), fact: optional(fact), exempt };

const fieldOrFact: Part["problemsOf"] = (where, owner) =>
  memberOf(owner, "field") === undefined && memberOf(owner, "fact") === undefined
    ? [`${where}: expected field or fact, got none; ${addOrRename("one", owner, commandOwner)}`]
    : [];

const ownerOfCommand = ownedBy("field or fact, and exempt", commandOwner, fieldOrFact);

type Kinds = {
  readonly command: CommandRoute;
  readonly query: QueryRoute;
  readonly list: ListRoute;
  readonly history: HistoryRoute;
  readonly sagas: SagaRoute;
  readonly document: DocumentRoute;
  readonly redirect: RedirectRoute;
};

/** The member that decides the kind of a route, and all members of this kind. */
const kinds: { readonly [Kind in keyof Kinds]: Readonly<Record<keyof Kinds[Kind], Member>> } = {
  command: {
    ...place,
    method: oneOf("POST", "PUT", "DELETE"),
    owner: ownerOfCommand,
    command: commandReference,
    location: optional(text),
    key: optional(oneOf("required")),
  },
  query: {
    ...place,
    method: oneOf("GET"),
    owner: ownerOfRow,
    query: partNamed("projection"),
    versionOf: partNamed("decider"),
  },
  list: {
    ...place,
    owner: ownerOfRow,
    method: oneOf("GET"),
    list: partNamed("projection"),
    indexes: list(text),
  },
  history: { ...place, owner: ownerOfStream, method: oneOf("GET"), history: partNamed("decider") },
  sagas: {
    ...place,
    owner: oneOf("none"),
    method: oneOf("GET", "POST"),
    sagas: oneOf("status", "list", "resume"),
  },
  document: { ...place, method: oneOf("GET"), document: oneOf("openapi", "page", "health") },
  redirect: { ...place, method: oneOf("GET"), redirect: text },
};

const kindsIn = (route: object): readonly string[] => Object.keys(kinds).filter((kind) => kind in route);

const allMembers: Members = Object.assign({}, ...Object.values(kinds));

const onlyKindOf = (route: object): Members | undefined => {
  const [kind, ...more] = kindsIn(route);
  const tables: Readonly<Record<string, Members>> = kinds;
  return kind === undefined || more.length > 0 ? undefined : tables[kind];
};

const oneKind = (where: string, route: object): readonly string[] => {
  if (onlyKindOf(route)) return [];
  const found = kindsIn(route);
  const advice = found.length > 0 ? "remove all but one" : addOrRename("one", route, allMembers);
  return [
    `${where}: expected one of ${Object.keys(kinds).join(", ")}, got ${found.join(" and ") || "none"}; ${advice}`,
  ];
};

const routePart: Part = {
  placeOf: (_, route, key) => {
    const path = memberOf(route, "path");
    return typeof path === "string" ? `${memberOf(route, "method") ?? "route"} ${path}` : `routes[${key}]`;
  },
  membersOf: (route) => onlyKindOf(route) ?? place,
  problemsOf: oneKind,
};

export const route = partLike(routePart);
