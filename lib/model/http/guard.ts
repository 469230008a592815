/**
 * How the API identifies the caller of a route that is not public: by tokens of an issuer, by AWS signatures, or
 * not at all, because the API is open to everyone.
 */

/** All guards. */
export const guardKinds = ["jwt", "iam", "open"] as const;

/** One of the guards. */
export type GuardKind = (typeof guardKinds)[number];

/**
 * What a caller without a token counts as on routes with an owner: exempt, or an owner like the callers with a token.
 */
export const countedAs = ["exempt", "owner"] as const;

/** One of them. */
export type CountsAs = (typeof countedAs)[number];

/** The environment variable that holds what a caller without a token counts as, for functions that check owners. */
export const callersVariable = "API_CALLERS";

/** The environment variable that holds the guard, for the function that answers the API's document. */
export const guardVariable = "API_GUARD";
