/** How the API authenticates callers of routes that are not public. With `open`, anyone may call every route. */
export type Guard =
  | { readonly kind: "jwt"; readonly issuer: string; readonly audience: string }
  | { readonly kind: "iam" }
  | { readonly kind: "open" };
