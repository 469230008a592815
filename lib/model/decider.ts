/** The write model: pure decisions on commands, pure evolution of state. */

import { type Parsed, parsed, type Unparsed } from "./json/parsed-command.ts";
import type { CommandOf, EventOf, Message, Schemas } from "./message.ts";

/** All that a decision may know besides command and state. */
export type Context = { readonly now: Date };

/** What a rejection means to its client: how things are forbids it, there is no such thing, or they may not do it. */
export type RejectionKind = "conflict" | "not-found" | "forbidden";

export type Rejection<Code extends string = string> = { readonly rejected: Code; readonly because: string };

export const reject = <Code extends string>(code: Code, because: string): Rejection<Code> => ({
  rejected: code,
  because,
});

export type Decision<E, Code extends string = string> = readonly E[] | Rejection<Code>;

/** After Chassaing: `decide` and `evolve` have exactly one case per command and per event. */
export type Decider<
  State,
  Commands extends Schemas,
  Events extends Schemas,
  Rejections extends readonly string[],
> = {
  /** The stream category. */
  readonly name: string;
  /** The field, common to all commands, whose value is the id in `category-id`. */
  readonly identifiedBy: keyof CommandOf<Commands>["data"] & string;
  readonly commands: Commands;
  readonly events: Events;
  /** All codes that a command may be rejected with. */
  readonly rejections: Rejections;
  /** The kinds of those codes that are no conflict. */
  readonly rejectionKinds?: { readonly [Code in Rejections[number]]?: RejectionKind };
  readonly initialState: State;
  /**
   * Commands whose stream usually does not exist yet. They are decided for a new stream without reading. If the stream
   * exists, the write is refused, which costs one unit, and they are decided again on what it holds.
   */
  readonly begins?: readonly (keyof Commands & string)[];
  readonly decide: {
    readonly [T in keyof Commands & string]: (
      command: CommandOf<Commands, T>,
      state: State,
      context: Context,
    ) => Decision<EventOf<Events>, Rejections[number]>;
  };
  readonly evolve: {
    readonly [T in keyof Events & string]: (state: State, event: EventOf<Events, T>) => State;
  };
};

/** Any decider, as the runtime holds it: readable as data, callable only through `decide` and `fold`. */
export type AnyDecider = {
  readonly name: string;
  readonly identifiedBy: string;
  readonly commands: Schemas;
  readonly events: Schemas;
  readonly rejections: readonly string[];
  readonly rejectionKinds?: Readonly<Record<string, RejectionKind | undefined>>;
  readonly initialState: unknown;
  readonly begins?: readonly string[];
  readonly decide: Readonly<
    Record<string, (command: never, state: never, context: Context) => Decision<Message>>
  >;
  readonly evolve: Readonly<Record<string, (state: never, event: never) => unknown>>;
};

type StateOf<D extends AnyDecider> = D["initialState"];

/** A code without a kind of its own is a conflict, also one that the decider no longer has. */
export const rejectionKindOf = (
  { rejectionKinds = {} }: Pick<AnyDecider, "rejectionKinds">,
  code: string,
): RejectionKind => (Object.hasOwn(rejectionKinds, code) && rejectionKinds[code]) || "conflict";

/** Throws on an event that the decider does not know: a state with holes must not decide. */
export const fold = <D extends AnyDecider>(decider: D, events: readonly Message[]): StateOf<D> =>
  events.reduce<unknown>((state, event) => {
    const evolve = decider.evolve[event.type];
    if (!evolve) throw new Error(`${decider.name} cannot evolve with ${event.type}`);
    // The event was recorded under the schema of its type, the state comes from this decider.
    return evolve(state as never, event as never);
  }, decider.initialState);

/** Throws on a command that the decider does not know. */
export const decideParsed = (
  decider: AnyDecider,
  { type, data }: Message & Parsed,
  state: unknown,
  context: Context,
): Decision<Message> => {
  const decide = Object.hasOwn(decider.decide, type) ? decider.decide[type] : undefined;
  if (!decide) throw new Error(`${decider.name} knows no command ${type}`);
  // The schema of this very type has parsed the data; the state comes from this decider's fold.
  return decide({ type, data } as never, state as never, context);
};

/** Decides on a command as it was sent. Throws if the decider does not know it or if its data do not fit its schema. */
export const decide = (
  decider: AnyDecider,
  command: Unparsed,
  state: unknown,
  context: Context,
): Decision<Message> => decideParsed(decider, { ...command, ...parsed(decider, command) }, state, context);
