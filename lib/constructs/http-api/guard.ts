/** How the API knows who calls a route that is not public. With `open`, anyone may call every route. */
export type Guard =
  | { readonly kind: "jwt"; readonly issuer: string; readonly audience: string }
  | { readonly kind: "iam" }
  | { readonly kind: "open" };
