/** The authorizer of a function's API, from its environment. */
import { type GuardKind, guardKinds, guardVariable } from "../../model/http/guard.ts";
import { variable } from "../../ports/settings.ts";

/** Throws if the variable is missing or has another value. */
export const apiGuard = (): GuardKind => {
  const given = variable(guardVariable);
  const guard = guardKinds.find((each) => each === given);
  if (guard === undefined)
    throw new Error(
      `environment variable ${guardVariable}=${given}: must be one of ${guardKinds.join(", ")}`,
    );
  return guard;
};
