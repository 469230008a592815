/** Holds money of customers. Amounts are in minor units, such as cents. */
export type Authorization =
  | { readonly kind: "authorized"; readonly authorization: string }
  | { readonly kind: "declined"; readonly because: string };

export type AuthorizationRequest = {
  readonly key: string;
  readonly amount: number;
  readonly paymentMethod: string;
};

export type PaymentProvider = {
  /**
   * Holds the amount. The same key never holds money twice, and always gets the same answer. Throws if the provider
   * did not answer.
   */
  readonly authorize: (request: AuthorizationRequest) => Promise<Authorization>;
  /**
   * Releases the money of an authorization. The authorization is identified by its reference or, if its answer was
   * lost, by the key of the request. To release it twice has the same effect as once. To release money that was
   * never held prevents that it is held later.
   */
  readonly release: (request: {
    readonly authorizedBy: string;
    readonly authorization?: string;
  }) => Promise<void>;
};
