/** Facts name something that follows from the events of a stream. Routes use them to name the owner of a stream. */
import { type Renamable, storedNameOf } from "../names/stored-name.ts";

/** A fact of the state of a decider's streams. `fact` makes it. */
export type Fact = {
  readonly kind: "fact";
  readonly category: string;
  /** Returns undefined if the state does not have the fact. */
  readonly of: (state: never) => string | undefined;
};

/**
 * The reference to a fact of a decider's state: `const guestOf = fact(seats, ({ guest }) => guest)`. A fact that
 * names an owner must be in every state of the stream, also after its last event.
 */
export const fact = <State>(
  decider: Renamable & { readonly initialState: State },
  of: (state: State) => string | undefined,
): Fact => ({ kind: "fact", category: storedNameOf(decider), of });

/** The value of a fact for a state that `fold` of the same decider returned. */
export const factIn = ({ of }: Fact, state: unknown): string | undefined =>
  // The state comes from the fold of this decider.
  of(state as never);
