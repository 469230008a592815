/** Who may call the shop, and for whose orders: every path, method and kind of caller, with tokens of a local issuer. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { shop as application } from "../../../lib/shop/shop.ts";
import { type Caller, type Cell, cellsOf, requestOf, statusOf, type Things } from "../../e2e/access-table.ts";
import { callersOf, stranger } from "../../e2e/callers.ts";
import { cancelledOrder, type GuardedShop, orderBy, secret, startGuardedShop } from "./guarded-shop.ts";

let shop: GuardedShop;
let callers: readonly Caller[];

beforeAll(async () => {
  shop = await startGuardedShop();
  callers = await callersOf(shop.url, { owner: "ada", own: "customer", exempt: "operator" }, shop.advance);
  await shop.grace.receive("apple", 10);
  await cancelledOrder(shop, "gone");
});
afterAll(() => shop?.stop());

const { orderId: _, ...withoutId } = orderBy("ada", "none");

const things: Things = {
  parameters: { orderId: "gone", sku: "apple", saga: "checkout", id: "gone" },
  bodies: {
    PlaceOrder: withoutId,
    CancelOrder: { reason: "again" },
    AnswerApproval: { approved: true },
    ReturnOrder: { reason: "too small" },
    ReceiveStock: { quantity: 1 },
    resume: { action: "retry" },
  },
  // A cancelled order cannot be approved or returned, and its checkout is not parked.
  statuses: { AnswerApproval: 409, ReturnOrder: 409, resume: 409 },
};

const send = async (cell: Cell, { token }: Caller) => {
  const { path, init } = requestOf(application, cell, { token, things });
  const response = await fetch(`${shop.url}${path}`, init);
  return {
    status: response.status,
    text: `${JSON.stringify([...response.headers])} ${await response.text()}`,
  };
};

/** The callers who get data of the owner. */
const informed = ["the owner", "exempt", "another subject who is exempt too"];

test.each(cellsOf(application).map((cell) => [cell.method, cell.path, cell] as const))(
  "%s %s has the status that its route gives each caller",
  async (_method, _path, cell) => {
    const answers = await Promise.all(
      callers.map(async (caller) => ({ name: caller.name, ...(await send(cell, caller)) })),
    );
    const found = answers.map(({ name, status }) => [name, status]);
    expect(found).toEqual(
      callers.map((caller) => [caller.name, statusOf(application, cell, { caller, things })]),
    );
    expect(
      answers
        .filter(({ name, text }) => text.includes(secret) && !informed.includes(name))
        .map(({ name }) => name),
    ).toEqual([]);
  },
);

test.each([
  ["GET", "/orders/{orderId}", "no token", 401],
  ["GET", "/orders/{orderId}", "an expired token", 401],
  ["GET", "/orders/{orderId}", "another audience", 401],
  ["GET", "/orders/{orderId}", "another issuer", 401],
  ["HEAD", "/orders/{orderId}", "a wrong signature", 401],
  ["GET", "/orders/{orderId}", "no scope", 403],
  ["GET", "/orders/{orderId}", "another scope", 403],
  ["GET", "/orders/{orderId}", "another subject", 404],
  ["HEAD", "/orders/{orderId}", "another subject", 404],
  ["GET", "/orders/{orderId}", "the owner", 200],
  ["GET", "/orders/{orderId}", "exempt", 200],
  ["GET", "/orders", "another subject", 200],
  ["POST", "/orders", "another subject", 403],
  ["POST", "/orders", "exempt", 202],
  ["POST", "/orders/{orderId}/cancellation", "another subject", 404],
  ["POST", "/orders/{orderId}/cancellation", "the owner", 202],
  ["GET", "/orders/{orderId}/events", "the owner", 403],
  ["GET", "/orders/{orderId}/events", "exempt", 200],
  ["GET", "/sagas", "the owner", 403],
  ["POST", "/sagas/{saga}/{id}/resume", "the owner", 403],
  ["GET", "/stock/{sku}", "a garbled token", 200],
  ["DELETE", "/orders/{orderId}", "no token", 405],
  ["OPTIONS", "/orders", "no token", 204],
  ["GET", "/no/such/path", "no token", 404],
] as const)("%s %s for %s is %i", async (method, path, name, status) => {
  const caller = callers.find((each) => each.name === name);
  if (!caller) throw new Error(`no caller is named ${name}`);
  const cell = { method, path };
  expect((await send(cell, caller)).status).toBe(status);
  expect(statusOf(application, cell, { caller, things })).toBe(status);
});

test("the owner sees the data that the table looks for", async () => {
  expect(JSON.stringify((await shop.ada.get("/orders/gone")).body)).toContain(secret);
});

test("a caller who is neither owner nor exempt has stored nothing", async () => {
  const actors = (await shop.owner.items("events")).map(({ md }) => JSON.parse(md?.S ?? "{}").actor);
  expect(actors).toContain("ada");
  expect(actors.filter((actor) => actor === stranger)).toEqual([]);
});
