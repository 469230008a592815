/** Validates an application: finds what is missing, duplicate or impossible. */
import type { AnyApplication } from "../application.ts";
import { unstorableSchemas } from "../json/json.ts";
import { earlierNamesAreUnique, storedNamesAreUnique } from "../names/earlier-names.ts";
import { unportablePatterns } from "../pattern/patterns.ts";
import { differentNames, noEventIsNamedAsAReceipt } from "./application-rules.ts";
import { deciderRules } from "./decider-rules.ts";
import { effectRules, translatorRules } from "./handler-rules.ts";
import { sharedNames } from "./made-names.ts";
import { unfitMembers } from "./members/unfit-members.ts";
import { unfitNames } from "./names.ts";
import { projectionRules } from "./projection-rules.ts";
import { ownerRules } from "./routes/owner-rules.ts";
import { routeRules } from "./routes/route-rules.ts";
import { each, type Rule } from "./rule.ts";
import { sagaRules } from "./saga-rules.ts";
import { unfitIds } from "./unfit-ids.ts";

/** Problems are reported in the order of the rules. */
const rules: readonly Rule<AnyApplication>[] = [
  ...differentNames,
  unfitNames,
  sharedNames,
  earlierNamesAreUnique,
  storedNamesAreUnique,
  unfitIds,
  noEventIsNamedAsAReceipt,
  (application) => each(application.deciders, deciderRules, application),
  (application) => each(application.projections, projectionRules, application),
  (application) => each(application.effects, effectRules, application),
  (application) => each(application.sagas, sagaRules, application),
  (application) => each(application.translators ?? [], translatorRules, application),
  (application) => each(application.routes, [...routeRules, ...ownerRules], application),
  unstorableSchemas,
  unportablePatterns,
];

/**
 * The problems of an application: one sentence for each, with its place, what was expected, what came and what to
 * do. Empty if the application is valid. Synthesis refuses an application that has problems. If members are missing
 * or have a value of another kind, because the application was not type-checked, it returns only these problems.
 */
export const validate = <Services>(application: AnyApplication<Services>): readonly string[] => {
  const unfit = unfitMembers(application);
  return unfit.length > 0 ? unfit : each([application], rules, application);
};

/** Throws with a list of all problems if there are any. */
export const refuseProblems = <Services>(application: AnyApplication<Services>): void => {
  const problems = validate(application);
  if (problems.length > 0)
    throw new Error(`the application is not valid:\n${problems.map((each) => `- ${each}`).join("\n")}`);
};
