/**
 * 10,000 generated requests, in which no caller sees or changes another caller's data.
 * `SEED=2 npx vitest run test/shop/runtime/http/ownership` generates other requests.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import type { Route } from "../../../../../lib/model/http/route.ts";
import { shown } from "../../../../runtime/gateway.ts";
import { customers, isExempt, secretOf } from "./callers.ts";
import { attempt, traceId } from "./requests.ts";
import { type Answered, placedBy, sender } from "./sender.ts";

const seed = Number(process.env.SEED ?? 1);
const requestsMin = 10_000;
/** Each has 50 requests on average. */
const worlds = 230;

/** It has the length of the other ids. */
const freshId = "order-f";

const isOwned = (route: Route): boolean => "owner" in route && route.owner !== "none";
const isList = (route: Route): boolean => "list" in route;
const begins = (route: Route): boolean => "command" in route && route.command.type === "PlaceOrder";

const placement = z.object({ orderId: z.string().optional(), customer: z.object({ id: z.string() }) });
const page = z.object({ items: z.array(z.record(z.string(), z.unknown())), next: z.string().optional() });

const textOf = ({ headers, body }: Answered["response"]): string => `${JSON.stringify(headers)} ${body}`;

/** An answer contains nothing that only other customers know. */
const showsNothingOfOthers = (
  { attempt: { caller, route }, headers, response }: Answered,
  foreignIds: readonly string[],
): void => {
  if (isExempt(caller)) return;
  const text = textOf(response);
  const others = [...customers, "dan"].filter((name) => name !== caller.actor);
  expect([...others.map(secretOf), traceId].filter((secret) => text.includes(secret))).toEqual([]);
  // The history of an order has the correlation ids of all requests that changed it.
  if ("history" in route && response.status === 200) return;
  const words = text.split(/[^\w-]+/);
  const echoed = headers["x-correlation-id"];
  expect(foreignIds.filter((id) => id !== echoed && words.includes(id))).toEqual([]);
};

/** A stream changes only for an exempt caller, or for its owner. */
const changesOnlyOwn = ({ attempt: { caller, route }, before, after }: Answered): void => {
  if (isExempt(caller) || !isOwned(route)) return;
  for (const [id, commits] of Object.entries(after))
    if (commits.length !== (before[id] ?? []).length) expect(placedBy(commits)).toBe(caller.actor);
};

/** A list has the rows of the caller, and its page has the length that these rows give it. */
const listsOnlyOwn = ({ attempt: { caller, query, seen }, response, before }: Answered): void => {
  if (isExempt(caller) || response.status !== 200) return;
  const { items, next } = page.parse(JSON.parse(response.body));
  expect(items.filter((row) => row.customerId !== caller.actor || caller.actor === undefined)).toEqual([]);
  if (seen.next !== undefined || query.status !== undefined || query.customerId !== undefined) return;
  const own = Object.values(before).filter((commits) => placedBy(commits) === caller.actor).length;
  const limit = Number(query.limit ?? "20");
  expect(items).toHaveLength(caller.actor === undefined ? 0 : Math.min(own, limit));
  expect(next !== undefined).toBe(caller.actor !== undefined && own > limit);
};

const withoutId = (answered: Answered, id: string) =>
  JSON.stringify(shown(answered.response)).replaceAll(id, "ID");

/** For a caller, what belongs to others does not exist. */
const isHidden = ({ attempt: { caller, route, orderId }, before }: Answered): boolean =>
  isOwned(route) &&
  !isList(route) &&
  !begins(route) &&
  !isExempt(caller) &&
  (caller.actor === undefined || placedBy(before[`order-${orderId}`]) !== caller.actor);

/** The answer if the id is in use, for owners and others. */
const taken = {
  status: 409,
  contentType: "application/problem+json",
  headers: {},
  body: {
    type: "urn:eventfold:problem:refused",
    title: "The business refuses this",
    status: 409,
    code: "already-placed",
    detail: "this order was already placed",
  },
};

/** 400 for a header, 422 for a key that was used for another request. */
const beforeDecision = [400, 422];

const checkPlacement = ({ attempt: { caller, body }, response, before }: Answered): void => {
  const { orderId, customer } = placement.parse(body);
  if (isExempt(caller) || beforeDecision.includes(response.status)) return;
  if (customer.id !== caller.actor) expect(response.status).toBe(403);
  // An answer that the caller has already got for the key is repeated.
  else if (orderId !== undefined && before[`order-${orderId}`] && response.status !== 202)
    expect(shown(response)).toEqual(taken);
};

/** How the caller relates to the things of a route. */
const kindOf = ({ attempt: { caller, route, orderId }, before }: Answered): string => {
  if (isExempt(caller)) return "exempt";
  if (caller.actor === undefined) return "no subject";
  if (isList(route) || begins(route)) return "customer";
  return placedBy(before[`order-${orderId}`]) === caller.actor ? "owner" : "other";
};

const order = "/orders/{orderId}";

/** Answers that the requests must reach, so that the test tries each kind of caller. */
const necessary = [
  ...[200, 304, 412].map((status) => `owner: GET ${order} ${status}`),
  ...[200, 304].map((status) => `owner: GET ${order}/events ${status}`),
  ...[202, 409, 412].map((status) => `owner: POST ${order}/cancellation ${status}`),
  ...[202, 409, 412].map((status) => `owner: POST ${order}/return ${status}`),
  ...["other", "no subject"].flatMap((kind) => [
    ...[order, `${order}/events`].map((path) => `${kind}: GET ${path} 404`),
    ...["cancellation", "return"].map((what) => `${kind}: POST ${order}/${what} 404`),
  ]),
  ...[200, 304, 400].map((status) => `customer: GET /orders ${status}`),
  ...[202, 403, 409, 412, 422].map((status) => `customer: POST /orders ${status}`),
  `exempt: POST /orders 202`,
  `exempt: POST ${order}/cancellation 202`,
  `exempt: GET ${order} 200`,
  "no subject: GET /orders 200",
  "no subject: POST /orders 403",
];

test("no caller sees or changes what belongs to another", async () => {
  const tried: string[] = [];
  const attempts = fc.noBias(fc.array(attempt, { minLength: 1, maxLength: 100, size: "max" }));
  const property = fc.asyncProperty(attempts, async (all) => {
    const { send, remember, foreignIds } = await sender();
    for (const each of all) {
      const foreign = foreignIds(each.caller);
      const answered = await send(each);
      const { route, orderId } = answered.attempt;
      showsNothingOfOthers(answered, foreign);
      changesOnlyOwn(answered);
      if (isList(route) && isOwned(route)) listsOnlyOwn(answered);
      if (begins(route)) checkPlacement(answered);
      if (isHidden(answered))
        expect(withoutId(answered, orderId)).toBe(withoutId(await send(answered.attempt, freshId), freshId));
      tried.push(`${kindOf(answered)}: ${route.method} ${route.path} ${answered.response.status}`);
      remember(answered);
    }
  });
  await fc.assert(property, { numRuns: worlds, seed });
  expect(tried.length).toBeGreaterThanOrEqual(requestsMin);
  expect(necessary.filter((each) => !tried.includes(each))).toEqual([]);
});
