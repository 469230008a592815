import type { CountsAs } from "../../model/http/guard.ts";

/** How the API authenticates callers of routes that are not public. With `open`, anyone may call every route. */
export type Guard =
  | { readonly kind: "jwt"; readonly issuer: string; readonly audience: string }
  | {
      readonly kind: "iam";
      /** What a caller counts as on a route with an owner. Default: exempt. */
      readonly callers?: CountsAs;
    }
  | { readonly kind: "open" };

/** What a caller without a token counts as. A caller of an open API is unknown, so it cannot be an owner. */
export const countsAs = (guard: Guard): CountsAs => {
  if (guard.kind === "iam") return guard.callers ?? "exempt";
  return guard.kind === "open" ? "exempt" : "owner";
};
