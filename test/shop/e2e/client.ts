/** A client of the shop that uses only HTTP, `/_local` included. */

type Json = Readonly<Record<string, unknown>>;

export type Answer<Body = Json> = {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the response; an empty object if it has no body. */
  readonly body: Body;
};

export type OrderRow = {
  readonly orderId: string;
  readonly status: string;
  readonly reason?: string;
  readonly total?: number;
  readonly shipment?: string;
};
export type StockRow = {
  readonly sku: string;
  readonly received: number;
  readonly reserved: number;
  readonly taken: number;
  readonly available: number;
};
export type AuditEvent = {
  readonly type: string;
  readonly data: Json;
  readonly version: number;
  readonly commandId: string;
  readonly sagaId?: string;
};
export type SagaView = {
  readonly id: string;
  readonly status: string;
  readonly events?: readonly Json[];
  readonly step?: string;
  readonly reason?: string;
  readonly parked?: { readonly because: string };
  readonly lastError?: { readonly step: string; readonly because: string; readonly at: string };
};
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };
export type TraceEntry = { readonly at: string; readonly kind: string; readonly message: string };
export type Permission = { readonly role: string; readonly action: string; readonly resource: string };

type Line = { readonly sku: string; readonly quantity: number; readonly unitPrice: number };

/** A valid order. */
export const orderOf = (orderId: string, lines: readonly Line[], paymentMethod = "pm_card_visa") => ({
  orderId,
  customer: { id: `customer-${orderId}`, name: "Ada Lovelace", email: `${orderId}@example.com` },
  shipTo: { street: "12 St James's Square", city: "London", postalCode: null, country: "UK" },
  paymentMethod,
  lines,
});

export type Waiting = <Value>(
  what: string,
  probe: () => Promise<Value | undefined> | Value | undefined,
) => Promise<Value>;

const parsed = (text: string): unknown => (text === "" ? {} : JSON.parse(text));

const hasEnded = (status: string): boolean => ["completed", "compensated", "parked"].includes(status);

/** With a token, each request sends it. */
export const client = (url: string, wait: Waiting, token?: string) => {
  const send = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    return fetch(`${url}${path}`, { ...init, headers });
  };

  const request = async <Body = Json>(path: string, init?: RequestInit): Promise<Answer<Body>> => {
    const { status, headers, ...response } = await send(path, init).then(async (answer) => ({
      status: answer.status,
      headers: answer.headers,
      text: await answer.text(),
    }));
    // The caller checks the shape.
    const isJson = headers.get("content-type")?.includes("json") !== false;
    return { status, headers, body: (isJson ? parsed(response.text) : response.text) as Body };
  };

  const get = <Body = Json>(path: string, headers: Readonly<Record<string, string>> = {}) =>
    request<Body>(path, { headers });

  const post = <Body = Json>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    request<Body>(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });

  const found = async <Body>(path: string): Promise<Body | undefined> => {
    const answer = await get<Body>(path);
    return answer.status === 200 ? answer.body : undefined;
  };

  const order = (id: string) => found<OrderRow>(`/orders/${id}`);
  const saga = (id: string) => found<SagaView>(`/sagas/checkout/${id}`);
  const stock = (sku: string) => found<StockRow>(`/stock/${sku}`);
  const mails = async () =>
    (await get<{ readonly messages: readonly Mail[] }>("/_local/mailbox")).body.messages;

  return {
    url,
    request,
    get,
    post,
    order,
    saga,
    stock,
    mails,
    place: (body: Json, headers?: Readonly<Record<string, string>>) => post("/orders", body, headers),
    receive: (sku: string, quantity: number) =>
      post(`/stock/${sku}/receipts`, { quantity }, { "idempotency-key": `${sku}-${quantity}` }),
    cancel: (id: string, reason: string, headers?: Readonly<Record<string, string>>) =>
      post(`/orders/${id}/cancellation`, { reason }, headers),
    audit: async (id: string): Promise<readonly AuditEvent[]> =>
      (await get<{ readonly events: readonly AuditEvent[] }>(`/orders/${id}/events`)).body.events ?? [],
    mailsTo: async (id: string) => (await mails()).filter(({ to }) => to === `${id}@example.com`),
    trace: async (correlationId: string) =>
      (await get<{ readonly entries: readonly TraceEntry[] }>(`/_local/trace/${correlationId}`)).body.entries,
    advance: (advanceSeconds: number) => post("/_local/clock", { advanceSeconds }),
    permissions: async () =>
      (
        await get<{ readonly granted: readonly Permission[]; readonly used: readonly Permission[] }>(
          "/_local/permissions",
        )
      ).body,
    /** Waits until the saga is completed, compensated or parked. */
    waitForSaga: (id: string) =>
      wait(`the checkout of ${id} to end`, async () => {
        const view = await saga(id);
        return view && hasEnded(view.status) ? view : undefined;
      }),
    waitForOrder: (id: string, status: string) =>
      wait(`order ${id} to be ${status}`, async () => {
        const row = await order(id);
        return row?.status === status ? row : undefined;
      }),
    waitForStock: (sku: string, expected: Partial<StockRow>) =>
      wait(`the stock of ${sku} to be ${JSON.stringify(expected)}`, async () => {
        const row = await stock(sku);
        if (!row) return undefined;
        return Object.entries({ ...row, ...expected }).every(
          ([name, value]) => Reflect.get(row, name) === value,
        )
          ? row
          : undefined;
      }),
  };
};
