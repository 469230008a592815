/** Holds money of customers. Amounts are in minor units: cents. */
export type Authorization =
  | { readonly kind: "authorized"; readonly authorization: string }
  | { readonly kind: "declined"; readonly because: string };

export type AuthorizationRequest = {
  readonly key: string;
  readonly amount: number;
  readonly paymentMethod: string;
};

export type PaymentProvider = {
  /** The same key never holds money twice and always gets the same answer; throws where the provider did not answer. */
  readonly authorize: (request: AuthorizationRequest) => Promise<Authorization>;
  /**
   * Gives back what an authorization holds, named by its reference or, where its answer was lost, by the key it
   * was asked for with. Releasing twice is releasing once; what was never held, and never will be, is released too.
   */
  readonly release: (request: {
    readonly authorizedBy: string;
    readonly authorization?: string;
  }) => Promise<void>;
};
