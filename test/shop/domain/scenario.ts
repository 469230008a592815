/** The cases of a decider as tests of Vitest. */
import { describe, test } from "vitest";
import type { Decider } from "../../../lib/model/decider.ts";
import type { Schemas } from "../../../lib/model/message.ts";
import { type DeciderRow, deciderCases } from "../../../lib/testing/decider-cases.ts";

type Kinds<State> = {
  /** The kinds of state that commands distinguish. */
  readonly kinds: readonly string[];
  readonly kindOf: (state: State) => string;
  /** Commands that have an effect each time they arrive. */
  readonly repeatable?: readonly string[];
};

export const scenario = <
  State,
  Commands extends Schemas,
  Events extends Schemas,
  Rejections extends readonly string[],
>(
  decider: Decider<State, Commands, Events, Rejections>,
  { kinds, kindOf, repeatable = [] }: Kinds<State>,
  rows: readonly DeciderRow<Commands, Events, Rejections>[],
) =>
  describe(decider.name, () => {
    for (const { name, run } of deciderCases(decider, rows, {
      kinds: { all: kinds, of: kindOf },
      repeatable,
    }))
      test(name, run);
  });
