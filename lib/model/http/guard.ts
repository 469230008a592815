/**
 * How the API knows who calls a route that is not public: by tokens of an issuer, by signatures of AWS, or not at all,
 * because it is open to anybody.
 */

export const guardKinds = ["jwt", "iam", "open"] as const;

export type GuardKind = (typeof guardKinds)[number];

/** The variable that tells the function of the API's own document. */
export const guardVariable = "API_GUARD";
