/** Sends attempts to a shop with orders of several customers, and collects what the answers show. */
import type { Commit } from "../../../../../lib/ports/event-store.ts";
import type { HttpResponse } from "../../../../../lib/ports/http.ts";
import { json } from "../../door.ts";
import { type Streams, server } from "../../server.ts";
import { application } from "./callers.ts";
import { commitOf, orders } from "./orders.ts";
import { type Attempt, pathOf } from "./requests.ts";

/** An attempt and its answer, with the streams before and after it. */
export type Answered = {
  readonly attempt: Attempt;
  /** The headers that were sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly response: HttpResponse;
  readonly before: Streams;
  readonly after: Streams;
};

/** The customer who placed the order. Read from the events, not from the state that the shop makes of them. */
export const placedBy = (commits: readonly Commit[] = []): unknown => {
  const [first] = commits.flatMap(({ events }) => events);
  const customer = first?.type === "OrderPlaced" ? first.data.customer : undefined;
  return typeof customer === "object" && customer !== null && "id" in customer ? customer.id : undefined;
};

const unseen: Attempt["seen"] = {
  next: undefined,
  ifMatch: undefined,
  ifNoneMatch: undefined,
  correlationId: undefined,
  keyed: undefined,
};

const next = ({ body }: HttpResponse): string | undefined => /"next":"([^"]+)"/.exec(body)?.[1];

export const sender = async () => {
  const { answer, add } = server(application);
  for (const [id, events] of Object.entries(orders)) await add(commitOf(id, events));
  /** Requests with an Idempotency-Key. Every caller may try their routes. */
  const keyed: Attempt[] = [];
  const seen = {
    keyed,
    etags: ['"1"'],
    cursors: ["W10"],
    /** The callers who sent a correlation id, or got it in an answer. */
    correlationIds: new Map<string, Set<string | undefined>>([["c-1", new Set()]]),
  };

  const at = <Value>(values: readonly Value[], place: number | undefined): Value | undefined =>
    place === undefined ? undefined : values[place % values.length];

  const note = ({ actor }: Attempt["caller"], correlationId: string | undefined): void => {
    if (correlationId === undefined) return;
    const known = seen.correlationIds.get(correlationId) ?? new Set();
    seen.correlationIds.set(correlationId, known.add(actor));
  };

  const headersOf = ({ headers, seen: places }: Attempt): Readonly<Record<string, string>> => {
    const ifMatch = at(seen.etags, places.ifMatch);
    const ifNoneMatch = at(seen.etags, places.ifNoneMatch);
    const correlationId = at([...seen.correlationIds.keys()], places.correlationId);
    return {
      ...json,
      ...headers,
      ...(ifMatch && { "if-match": ifMatch }),
      ...(ifNoneMatch && { "if-none-match": ifNoneMatch }),
      ...(correlationId && { "x-correlation-id": correlationId }),
    };
  };

  const resolved = (attempt: Attempt): Attempt => {
    const earlier = at(seen.keyed, attempt.seen.keyed);
    return earlier ? { ...earlier, caller: attempt.caller } : attempt;
  };

  /** `orderId` replaces the order of the attempt. */
  const send = async (given: Attempt, orderId?: string): Promise<Answered> => {
    const attempt = resolved(given);
    const { caller, route, method, body, query, seen: places } = attempt;
    const cursor = "list" in route ? at(seen.cursors, places.next) : undefined;
    const headers = headersOf(attempt);
    note(caller, headers["x-correlation-id"]);
    const { response, before, after } = await answer({
      method,
      path: pathOf(route, orderId ?? attempt.orderId),
      query: { ...query, ...(cursor && { next: cursor }) },
      headers,
      body: "command" in route ? body : undefined,
      ...caller,
    });
    return { attempt, headers, response, before, after };
  };

  /** Call this after the answer was checked. */
  const remember = ({ attempt, headers, response }: Answered): void => {
    const { caller, route } = attempt;
    if (headers["idempotency-key"] && "owner" in route && route.owner !== "none")
      seen.keyed.push({ ...attempt, headers, seen: unseen });
    const { etag, "x-correlation-id": correlationId } = response.headers;
    const cursor = next(response);
    if (etag) seen.etags.push(etag);
    if (cursor) seen.cursors.push(cursor);
    note(caller, correlationId);
  };

  /** The correlation ids that only other callers know. */
  const foreignIds = ({ actor }: Attempt["caller"]): readonly string[] =>
    [...seen.correlationIds].flatMap(([id, known]) => (known.size === 0 || known.has(actor) ? [] : [id]));

  return { send, remember, foreignIds };
};
