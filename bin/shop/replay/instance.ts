/** The HTTP client of a running instance. */
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import type { Credentials } from "./credentials.ts";

const level = z.object({
  sku: z.string(),
  received: z.int(),
  reserved: z.int(),
  taken: z.int(),
  available: z.int(),
});
const page = z.object({ items: z.array(level), next: z.string().optional() });
const saga = z.object({ status: z.string(), step: z.string().optional() });
const order = z.object({ status: z.string(), reason: z.string().optional(), total: z.int() });
const mailbox = z.object({ messages: z.array(z.object({ to: z.string(), subject: z.string() })) });

export type StockLevel = z.output<typeof level>;
type Saga = z.output<typeof saga>;
export type Order = z.output<typeof order>;

/** How often a failed request is retried. Its idempotency key makes that safe. */
const triesMax = 20;
const pauseMilliseconds = 250;

export const instance = (url: string, { headers: own, renew }: Credentials) => {
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const sendWith = (credentials: ReturnType<typeof own>) =>
      fetch(`${url}${path}`, { ...init, headers: { ...init.headers, ...credentials } });
    const used = own();
    const response = await sendWith(used);
    if (response.status !== 401 || !(await renew(used))) return response;
    await response.text();
    return sendWith(own());
  };

  const json = async (path: string): Promise<unknown> => {
    const response = await send(path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };

  const optional = async (path: string): Promise<unknown> => {
    const response = await send(path);
    if (response.status === 404) return void (await response.text());
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };

  return {
    url,
    optional,
    /** Posts until the request is accepted or refused. Returns the text of a refusal. */
    post: async (path: string, key: string, body: unknown): Promise<string | undefined> => {
      const headers = { "content-type": "application/json", "idempotency-key": key };
      for (let tries = 1; ; tries += 1) {
        const response = await send(path, { method: "POST", headers, body: JSON.stringify(body) });
        const text = await response.text();
        if (response.status === 202) return undefined;
        const isBusy = response.status >= 500 || response.headers.has("retry-after");
        if (!isBusy || tries === triesMax) return `POST ${path}: ${response.status} ${text}`;
        await setTimeout(pauseMilliseconds);
      }
    },
    /** All stock levels by SKU. */
    stock: async (): Promise<ReadonlyMap<string, StockLevel>> => {
      const all = new Map<string, StockLevel>();
      let next: string | undefined;
      do {
        const from: string = next === undefined ? "" : `&next=${encodeURIComponent(next)}`;
        const answer = page.parse(await json(`/stock?limit=100${from}`));
        for (const each of answer.items) all.set(each.sku, each);
        next = answer.next;
      } while (next !== undefined);
      return all;
    },
    saga: async (id: string): Promise<Saga | undefined> => {
      const answer = await optional(`/sagas/checkout/${id}`);
      return answer === undefined ? undefined : saga.parse(answer);
    },
    order: async (id: string): Promise<Order | undefined> => {
      const answer = await optional(`/orders/${id}`);
      return answer === undefined ? undefined : order.parse(answer);
    },
    /** The number of e-mails per subject. Undefined if the instance has no mailbox. */
    mails: async (): Promise<ReadonlyMap<string, number> | undefined> => {
      const answer = await optional("/_local/mailbox");
      if (answer === undefined) return undefined;
      const counts = new Map<string, number>();
      for (const { subject } of mailbox.parse(answer).messages)
        counts.set(subject, (counts.get(subject) ?? 0) + 1);
      return counts;
    },
  };
};

export type Instance = ReturnType<typeof instance>;
