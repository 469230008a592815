/** What the value of a member must be, as data. To describe another kind of value, add a constant here. */
import { either } from "../../either.ts";
import { isJsonObject } from "../../json/json-value.ts";

/** The members of an object, by name. */
export type Members = Readonly<Record<string, Member>>;

/** An object with members of its own, such as a decider. */
export type Part = {
  /** Where the part is, for messages. `key` is its key or index in the value that holds it. */
  readonly placeOf: (where: string, part: object, key: string) => string;
  readonly membersOf: (part: object) => Members;
  /** What else is wrong with its members. */
  readonly problemsOf?: (where: string, part: object) => readonly string[];
};

/** What a value must be. */
export type Member = {
  /** In words, for messages. */
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
  readonly optional?: true;
  /** What each value of a list or an object must be. */
  readonly each?: Member;
  readonly part?: Part;
};

/** Whether the value can have members. A command maker is a function that has them. */
export const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** The value of a member. Undefined if it is missing. */
export const memberOf = (part: object, name: string): unknown => Reflect.get(part, name);

const has = (value: unknown, members: Members): boolean =>
  isObject(value) && Object.entries(members).every(([name, { fits }]) => fits(memberOf(value, name)));

const typed = (type: string, expected: string): Member => ({
  expected,
  fits: (value) => typeof value === type,
});

export const text = typed("string", "a string");
export const number = typed("number", "a number");
export const code = typed("function", "a function");
export const object: Member = { expected: "an object", fits: isObject };

/** Any value. An `undefined` that is written down fits too. */
export const anything: Member = { expected: "a value", fits: () => true };

/** One of these values. */
export const oneOf = (...values: readonly (string | boolean)[]): Member => ({
  expected: either(values),
  fits: (value) => values.some((each) => each === value),
});

/** A schema that `z.object` makes. */
export const schema: Member = {
  expected: "a schema made with z.object",
  fits: (value) => has(value, { _zod: object, shape: object }),
};

const reference = (kind: "event" | "command"): Member => ({
  expected: `a reference made with ${kind}()`,
  fits: (value) => has(value, { kind: oneOf(kind), decider: text, category: text, type: text, schema }),
});

export const eventReference = reference("event");
export const commandReference = reference("command");

export const sent: Member = {
  expected: "a command to send, made with sending()",
  fits: (value) => has(value, { command: commandReference, make: code }),
};

/** A part of the application that another part names. Its own members are checked where the application lists it. */
export const partNamed = (kind: string): Member => ({
  expected: `a ${kind}`,
  fits: (value) => has(value, { name: text }),
});

export const optional = (member: Member): Member => ({ ...member, optional: true });

export const list = (each: Member): Member => ({ expected: "a list", fits: Array.isArray, each });

export const byName = (each: Member): Member => ({
  expected: "an object",
  fits: isJsonObject,
  each,
});

export const partLike = (part: Part): Member => ({ ...object, part });

/** A part with a name: `decider task`, or `deciders[0]` if it has no name. */
export const namedPart = (kind: string, members: Members): Part => ({
  placeOf: (_, part, key) => {
    const name = memberOf(part, "name");
    return typeof name === "string" ? `${kind} ${name}` : `${kind}s[${key}]`;
  },
  membersOf: () => members,
});

export const named = (kind: string, members: Members): Member => partLike(namedPart(kind, members));

/** A part of a part: `saga checkout, step pay`. */
export const within = ({ part, ...member }: Member): Member =>
  part
    ? {
        ...member,
        part: { ...part, placeOf: (where, each, key) => `${where}, ${part.placeOf(where, each, key)}` },
      }
    : member;
