/** The members of the links between the versions of an event. */
import type { OldVersion, Upcast, Version } from "../../events/past.ts";
import {
  code,
  list,
  type Member,
  type Members,
  memberOf,
  number,
  object,
  oneOf,
  optional,
  type Part,
  partLike,
  schema,
  text,
} from "./member.ts";

const version: Readonly<Record<keyof Version, Member>> = { type: text, version: optional(number), schema };

const oldVersion: Readonly<Record<keyof OldVersion, Member>> = {
  ...version,
  version: number,
  example: object,
};

/** A part of a link: `decider order, past[0].from`. */
const end = (name: string, members: Members): Member =>
  partLike({ placeOf: (where) => `${where}.${name}`, membersOf: () => members });

const kinds: Readonly<Record<Upcast["kind"], Members>> = {
  lift: { to: end("to", version), up: code },
  split: { into: list(end("into", version)), up: code },
  drop: { because: text },
};

const kindOf = (part: object): Upcast["kind"] | undefined => {
  const kind = memberOf(part, "kind");
  return kind === "lift" || kind === "split" || kind === "drop" ? kind : undefined;
};

const link: Part = {
  placeOf: (where, _, key) => `${where}, past[${key}]`,
  membersOf: (part) => {
    const kind = kindOf(part);
    const common = { kind: oneOf("lift", "split", "drop"), from: end("from", oldVersion) };
    return kind ? { ...common, ...kinds[kind] } : common;
  },
};

/** A link of the past of a decider. */
export const upcast: Member = partLike(link);
