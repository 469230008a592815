/**
 * Hostile requests over HTTP, generated from the schemas of the shop: no response is a server error, and a refused
 * request stores nothing. `SEED=1 npx vitest run test/shop/e2e/attack.test.ts` repeats the requests of a failure.
 */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shop as application } from "../../../lib/shop/shop.ts";
import { type AttackRequest, requests } from "../../runtime/http/attack.ts";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

/** Few of the hostile requests are accepted, or none, so valid requests are sent as well. */
const count = 600;
const seed = Number(process.env.SEED ?? Date.now());

/** Omits headers that HTTP cannot carry as text. */
const isSendable = ([name, value]: readonly [string, string]): boolean => {
  try {
    return new Headers({ [name]: value }).has(name);
  } catch {
    return false;
  }
};

const send = ({ method, path, query, headers, body }: AttackRequest) => {
  const search = new URLSearchParams(query).toString();
  const sendable = Object.fromEntries(Object.entries(headers).filter(isSendable));
  const init = { method, headers: sendable, ...(body.length > 0 && { body: Buffer.from(body) }) };
  return shop.request(`${path}${search === "" ? "" : `?${search}`}`, init);
};

const shown = ({ method, path, query, headers, body }: AttackRequest): string =>
  `SEED=${seed} ${method} ${path} ${JSON.stringify({ query, headers })} ${Buffer.from(body).toString().slice(0, 500)}`;

/** The number of commits by commands of clients. Sagas may still store others. */
const countCommands = async (): Promise<number> =>
  (await shop.owner.items("events")).filter(({ id }) => id?.S?.startsWith("http/")).length;

test("hostile requests are refused or accepted without a server error, and a refused request stores nothing", async () => {
  const statuses = new Map<number, number>();
  expect(await shop.receive("right", 1)).toMatchObject({ status: 202 });
  let stored = await countCommands();
  expect(stored).toBe(1);
  for (const request of fc.sample(requests(application), { numRuns: count, seed })) {
    const { status } = await send(request);
    expect(status, shown(request)).toBeLessThan(500);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const now = await countCommands();
    if (status === 202) stored = now;
    expect(now, shown(request)).toBe(stored);
  }
  expect(statuses.get(400)).toBeGreaterThan(0);
  expect(await shop.receive("right", 2)).toMatchObject({ status: 202 });
  expect(await countCommands()).toBe(stored + 1);
  const problems = shop.problems().filter((problem) => /^App(Command|Query)Function/.test(problem));
  expect(problems).toEqual([]);
});
