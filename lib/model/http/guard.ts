/**
 * How the API identifies the caller of a route that is not public: by tokens of an issuer, by AWS signatures, or
 * not at all, because the API is open to everyone.
 */

/** All guards. */
export const guardKinds = ["jwt", "iam", "open"] as const;

/** One of the guards. */
export type GuardKind = (typeof guardKinds)[number];

/** The environment variable that holds the guard, for the function that answers the API's document. */
export const guardVariable = "API_GUARD";
