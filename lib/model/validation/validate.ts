/** Validates an application: finds what is missing, duplicate or impossible. */
import type { Application } from "../application.ts";
import { unstorableSchemas } from "../json/json.ts";
import { unportablePatterns } from "../pattern/patterns.ts";
import { differentNames, noEventIsNamedAsAReceipt } from "./application-rules.ts";
import { effectRules, translatorRules } from "./handler-rules.ts";
import { sharedNames } from "./made-names.ts";
import { unfitNames } from "./names.ts";
import { projectionRules } from "./projection-rules.ts";
import { routeRules } from "./route-rules.ts";
import { each, type Rule } from "./rule.ts";
import { sagaRules } from "./saga-rules.ts";
import { unfitIds } from "./unfit-ids.ts";

/** Problems are reported in the order of the rules. */
const rules: readonly Rule<Application<never>>[] = [
  ...differentNames,
  unfitNames,
  sharedNames,
  unfitIds,
  noEventIsNamedAsAReceipt,
  (application) => each(application.projections, projectionRules, application),
  (application) => each(application.effects, effectRules, application),
  (application) => each(application.sagas, sagaRules, application),
  (application) => each(application.translators ?? [], translatorRules, application),
  (application) => each(application.routes, routeRules, application),
  unstorableSchemas,
  unportablePatterns,
];

/**
 * The problems that the types cannot find: one sentence for each, with its place, what was expected, what came and
 * what to do. Empty if the application is valid. Synthesis refuses an application that has problems.
 */
export const validate = <Services>(application: Application<Services>): readonly string[] =>
  each([application], rules, application);
