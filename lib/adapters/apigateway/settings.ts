/** The authorizer of a function's API and what it means for callers, from the environment. */
import {
  type CountsAs,
  callersVariable,
  countedAs,
  type GuardKind,
  guardKinds,
  guardVariable,
} from "../../model/http/guard.ts";
import { variable } from "../../ports/settings.ts";

const oneOf = <Value extends string>(name: string, values: readonly Value[]): Value => {
  const given = variable(name);
  const value = values.find((each) => each === given);
  if (value === undefined)
    throw new Error(`environment variable ${name}=${given}: must be one of ${values.join(", ")}`);
  return value;
};

/** Throws if the variable is missing or has another value. */
export const apiGuard = (): GuardKind => oneOf(guardVariable, guardKinds);

/** What a caller without a token counts as. Throws if the variable is missing or has another value. */
export const callersWithoutToken = (): CountsAs => oneOf(callersVariable, countedAs);
