/** Rules for deciders. */
import type { AnyDecider } from "../decider.ts";
import { pastIsReadable } from "./past-rules.ts";
import { addOrRename, type Rule } from "./rule.ts";

type Cases = { readonly in: "decide" | "evolve"; readonly of: "commands" | "events" };

/** A command or an event without a case would fail after an earlier event of the stream is stored. */
const hasACaseForEach =
  ({ in: functions, of: messages }: Cases): Rule<AnyDecider> =>
  (decider) => {
    const [given, needed] = [decider[functions], decider[messages]];
    return Object.keys(needed)
      .filter((type) => !Object.hasOwn(given, type))
      .map(
        (type) =>
          `decider ${decider.name}, ${functions}: expected a case for each of its ${messages}, got none for ${type}; ${addOrRename(type, given, needed)}`,
      );
  };

/** The rules for one decider. */
export const deciderRules: readonly Rule<AnyDecider>[] = [
  hasACaseForEach({ in: "decide", of: "commands" }),
  hasACaseForEach({ in: "evolve", of: "events" }),
  pastIsReadable,
];
