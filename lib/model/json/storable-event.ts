/** Events are checked before they are stored, so that the schema of its type can read every stored event. */

import { type Upcast, versionOfToday } from "../events/past.ts";
import type { Message, Schemas, StoredEvent } from "../message.ts";
import { asJson, isJsonObject, pointerTo } from "./json-value.ts";
import { firstFault, wording } from "./wording.ts";

/**
 * A decider decided an event that its own schemas do not allow, which is a bug of the decider. Nothing was stored.
 */
export class InvalidEvent extends Error {
  override readonly name = "InvalidEvent";
  readonly decider: string;
  readonly event: string;
  /** A JSON pointer into the data of the event. Empty for the data as a whole. */
  readonly field: string;
  constructor(decider: string, event: string, field: string, because: string) {
    super(
      `decider ${decider}, event ${event}, ${field || "/"}: ${because}. Nothing was stored; correct the decider or its schema`,
    );
    this.decider = decider;
    this.event = event;
    this.field = field;
  }
}

type Difference = { readonly path: readonly PropertyKey[]; readonly because: string };

const changed: Difference = {
  path: [],
  because: "expected a value that the schema keeps as it is, but the schema changes it",
};
const undeclared: Difference = {
  path: [],
  because: "expected a field of the schema, but the schema does not declare it",
};

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Compares the event that was decided with the output of its schema. */
const compared = (decided: unknown, accepted: unknown) => {
  let hasMore = false;
  /** The first part that the schema changes or drops. */
  const difference = (given: unknown, taken: unknown): Difference | undefined => {
    if (!isBranch(given) || !isBranch(taken)) return given === taken ? undefined : changed;
    if (Array.isArray(given) !== Array.isArray(taken)) return changed;
    const parts = Object.entries(given);
    const countTaken = Object.keys(taken).length;
    if (countTaken > parts.length) {
      if (Array.isArray(given)) return changed;
      hasMore = true;
    }
    for (const [key, part] of parts) {
      const there = Object.getOwnPropertyDescriptor(taken, key);
      const found = there ? difference(part, there.value) : undeclared;
      if (found) return { ...found, path: [key, ...found.path] };
    }
    return undefined;
  };
  return { lost: difference(decided, accepted), hasMore };
};

type Events = { readonly name: string; readonly events: Schemas; readonly past?: readonly Upcast[] };

/**
 * The event as it is stored: as it was decided, plus the defaults and the version of its schema. Throws `InvalidEvent` if the
 * decider has no such event, if the data do not fit the schema, if the schema changes them, or if JSON cannot
 * represent them. A field that the schema does not declare is refused too, because it could be lost later.
 */
export const storableEvent = ({ name, events, past = [] }: Events, { type, data }: Message): StoredEvent => {
  const invalid = (field: string, because: string) => new InvalidEvent(name, type, field, because);
  const representable = (value: unknown): unknown => {
    const copy = asJson(value);
    if ("because" in copy) throw invalid(copy.path, copy.because);
    return copy.value;
  };
  const schema = Object.hasOwn(events, type) ? events[type] : undefined;
  if (!schema) throw invalid("", `expected one of ${Object.keys(events).join(", ")}`);
  const decided = representable(data);
  const accepted = schema.safeParse(decided, wording);
  if (!accepted.success) {
    const { field, because } = firstFault(accepted.error);
    throw invalid(field, because);
  }
  const { lost, hasMore } = compared(decided, accepted.data);
  if (lost) throw invalid(pointerTo(lost.path), lost.because);
  // A default of the schema may be a value that JSON cannot represent.
  const stored = hasMore ? representable(accepted.data) : decided;
  if (!isJsonObject(stored)) throw invalid("", "its data must be an object");
  const schemaVersion = versionOfToday(past, type);
  return schemaVersion === 1 ? { type, data: stored } : { type, data: stored, schemaVersion };
};
