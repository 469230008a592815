/** Requests and responses, whatever gateway carries them. */
export type HttpRequest = {
  readonly method: string;
  /** The route that the gateway matched, `/orders/{orderId}`, or nothing where none did. */
  readonly route: string | undefined;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Names are lower-case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The gateway has made a text of the body, and may have replaced bytes that are not UTF-8. */
  readonly isBodyReplaced?: true;
  /** Who asks, as the gateway's authorizer or signature says; nothing for a public route. */
  readonly actor: string | undefined;
  /** The actor without a session: two sessions of one role are one caller. Idempotency keys belong to it. */
  readonly caller: string | undefined;
  readonly requestId: string;
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
