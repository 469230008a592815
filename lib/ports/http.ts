/** Requests and responses, independent of the gateway. */
import type { Actor } from "../model/decider.ts";

/** A request, after the gateway has authorized it. */
export type HttpRequest = {
  /** In upper case. */
  readonly method: string;
  /** The route that the gateway matched, `/orders/{orderId}`. Undefined if it matched none. */
  readonly route: string | undefined;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The gateway decoded the body as text, and may have replaced bytes that are not UTF-8. */
  readonly isBodyReplaced?: true;
  /** The caller, as the authorizer or the signature identifies them. Undefined for a public route. Commits record it. */
  readonly actor: string | undefined;
  /**
   * The actor without the session, so that two sessions of a role are one caller. Things and idempotency keys belong
   * to it.
   */
  readonly caller: Actor | undefined;
  /** The caller counts as exempt on every route with an owner, because this deployment has no tokens. */
  readonly isExempt: boolean;
  readonly requestId: string;
};

/** The answer to a request. */
export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
