/** What operators see: parked sagas, unreadable events, changed events. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { changedAssembly, withhold } from "./changed-assembly.ts";
import { orderOf } from "./client.ts";
import { parkCheckout, reserveAgain, waitUntilCompleted } from "./park-checkout.ts";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

test("a confirmed order without its stock is parked, and continues once the stock is back", async () => {
  expect(await parkCheckout(shop, "stuck", "grape")).toMatchObject({
    status: "parked",
    step: "complete",
    reason: expect.stringContaining("not-reserved"),
  });
  await shop.waitForOrder("stuck", "confirmed");
  const parked = await shop.owner.operate({ action: "resume", sagaId: "checkout/nobody", how: "retry" });
  expect(parked).toMatchObject({ kind: "refused" });

  await reserveAgain(shop, "stuck", "grape");
  const resumed = await shop.owner.operate({
    action: "resume",
    sagaId: "checkout/stuck",
    how: "retry",
    actor: "eve",
  });
  expect(resumed).toMatchObject({ kind: "resumed" });
  await waitUntilCompleted(shop, "stuck");
  await shop.waitForStock("grape", { received: 1, reserved: 0, taken: 1, available: 0 });
});

test("a parked task can be skipped", async () => {
  expect(await parkCheckout(shop, "skipped", "quince")).toMatchObject({ status: "parked", step: "complete" });
  await shop.owner.operate({ action: "resume", sagaId: "checkout/skipped", how: "skip" });
  await waitUntilCompleted(shop, "skipped");
  await shop.waitForStock("quince", { received: 1, reserved: 0, taken: 0, available: 1 });
});

type Parked = {
  readonly consumer: string;
  readonly streamId: string;
  readonly version: number;
  readonly payload: string;
  readonly error: string;
};

const parkedAt = async (streamId: string): Promise<readonly Parked[]> => {
  const { streams } = await shop.owner.operate({ action: "parked" });
  return (streams as readonly Parked[]).filter((each) => each.streamId === streamId);
};

test("if an execution is aborted, its checkout is parked, and a resume starts another execution", async () => {
  await shop.receive("cherry", 1);
  await shop.place(orderOf("aborted", [{ sku: "cherry", quantity: 1, unitPrice: 10 }], "pm_card_timeout"));
  await shop.waitForOrder("aborted", "reserved");
  await shop.owner.abort("aborted");
  expect(await shop.waitForSaga("aborted")).toMatchObject({
    status: "parked",
    reason: expect.stringContaining("its execution ended: ABORTED"),
  });
  const authorized = { type: "PaymentAuthorized", data: { orderId: "aborted", authorization: "by phone" } };
  await shop.owner.append("payment-aborted", authorized, { sagaId: "checkout/aborted" });
  await shop.owner.operate({ action: "resume", sagaId: "checkout/aborted", how: "retry" });
  await waitUntilCompleted(shop, "aborted");
  await shop.waitForStock("cherry", { received: 1, reserved: 0, taken: 1 });
});

test("an event that a projection cannot apply parks only its stream, which is redriven after a repair", async () => {
  await shop.receive("rotten", 1);
  await shop.waitForStock("rotten", { received: 1 });
  await shop.owner.append("inventory-rotten", {
    type: "StockReceived",
    data: { sku: "rotten", quantity: "many" },
  });
  const parked = await shop.wait("the stream to be parked", async () =>
    (await parkedAt("inventory-rotten")).find(({ consumer }) => consumer === "stock-level"),
  );
  expect(parked).toMatchObject({
    consumer: "stock-level",
    version: 2,
    payload: expect.stringContaining("many"),
  });
  await shop.owner.append("inventory-rotten", {
    type: "StockReceived",
    data: { sku: "rotten", quantity: 2 },
  });

  await shop.receive("fresh", 3);
  await shop.waitForStock("fresh", { received: 3 });
  expect(await shop.stock("rotten")).toMatchObject({ received: 1 });

  const redrive = { action: "redrive", projection: "stock-level", streamId: "inventory-rotten" };
  expect(await shop.owner.operate(redrive)).toEqual({ kind: "parked-again" });
  const [, second] = await shop.owner.stream("inventory-rotten");
  const ev = { S: JSON.stringify([["StockReceived", { sku: "rotten", quantity: 5 }]]) };
  await shop.owner.put("events", { ...second, ev });
  expect(await shop.owner.operate(redrive)).toEqual({ kind: "redriven" });
  await shop.waitForStock("rotten", { received: 8 });
  // The relay has not published it either.
  expect(
    await shop.owner.operate({ action: "republish", streamId: "inventory-rotten", after: 0 }),
  ).toMatchObject({
    kind: "republished",
  });
  expect(await parkedAt("inventory-rotten")).toEqual([]);
  await shop.wait("the change to be reported", () =>
    shop.problems().find((problem) => problem.includes("an event was changed: MODIFY of inventory-rotten@2")),
  );
});

/** The item of a commit without its events. */
const noCommit = (streamId: string) => ({
  pk: { S: streamId },
  sk: { N: "1" },
  to: { N: "1" },
  id: { S: "x" },
  at: { S: "then" },
  md: { S: "{}" },
});

test("an item that is not a commit stops only its own stream", async () => {
  const first = noCommit("order-garbled");
  await shop.owner.put("events", { ...first, ev: { S: "not JSON" } });
  const parked = await shop.wait("the stream to be parked", async () => {
    const found = await parkedAt("order-garbled");
    return found.length > 1 ? found : undefined;
  });
  expect(parked.map(({ consumer }) => consumer).toSorted()).toEqual(["project", "relay"]);
  const cancelled = { type: "OrderCancelled", data: { orderId: "garbled", reason: "who knows" } };
  await shop.owner.append("order-garbled", cancelled);

  await shop.receive("sound", 3);
  await shop.waitForStock("sound", { received: 3 });
  await shop.place(orderOf("sound", [{ sku: "sound", quantity: 1, unitPrice: 10 }]));
  await shop.waitForOrder("sound", "confirmed");

  const streamId = "order-garbled";
  const redrive = { action: "redrive", projection: "project", streamId };
  const republish = { action: "republish", streamId };
  const refused = { kind: "refused", because: expect.stringContaining("stream order-garbled at 1: ") };
  expect(await shop.owner.operate(redrive)).toEqual(refused);
  expect(await shop.owner.operate(republish)).toEqual(refused);

  const placed = { ...orderOf("garbled", [{ sku: "sound", quantity: 1, unitPrice: 10 }]), total: 10 };
  const ev = { S: JSON.stringify([["OrderPlaced", placed]]) };
  const md = { S: JSON.stringify({ causationId: "x", correlationId: "x", issuedAt: "then" }) };
  await shop.owner.put("events", { ...first, at: { S: new Date().toISOString() }, ev, md });
  expect(await shop.owner.operate(redrive)).toEqual({ kind: "redriven" });
  expect(await shop.owner.operate(republish)).toEqual({
    kind: "republished",
    events: 2,
  });
  expect(await parkedAt(streamId)).toEqual([]);
  expect(await shop.order("garbled")).toMatchObject({ status: "cancelled", reason: "who knows", total: 10 });
});

test("a saga whose task keeps failing shows the reason, and so does the list of stuck sagas", async () => {
  await shop.owner.put("events", { ...noCommit("inventory-odd"), ev: { S: "not JSON" } });
  await shop.place(orderOf("failing", [{ sku: "odd", quantity: 1, unitPrice: 10 }]));
  const report = await shop.wait("the last error", async () => {
    const saga = await shop.saga("failing");
    return saga?.lastError ? saga : undefined;
  });
  expect(report).toMatchObject({ status: "running", step: "reserve-stock" });
  expect(report.lastError?.because).toContain("stream inventory-odd at 1");
  expect(report.lastError?.because).not.toMatch(/\n|file:|\.mjs/);
  await shop.advance(3600);
  const stuck = await shop.owner.operate({ action: "stuck" });
  expect(stuck).toMatchObject({
    sagas: expect.arrayContaining([
      expect.objectContaining({
        id: "failing",
        lastError: expect.objectContaining({ because: report.lastError?.because }),
      }),
    ]),
    removed: [],
  });
});

/** The clock is an hour ahead by now, so no newer code can have recorded the event. */
test("an event of an unknown type stops only its own stream", async () => {
  await shop.owner.append("inventory-strange", { type: "StockDreamt", data: { sku: "strange" } });
  await shop.receive("plain", 3);
  await shop.waitForStock("plain", { received: 3 });
  expect(await shop.receive("strange", 3)).toMatchObject({ status: 500 });
});

test("an unreadable message is a dead letter at once, with its reason, and can be redriven", async () => {
  const [queue, handler] = ["AppEffectsSendConfirmationPerformQueue", "send-confirmation"];
  const letters = async () =>
    [(await shop.owner.operate({ action: "dead-letters", handler })).letters].flat();
  const unreadable = { handler, payload: "no event", because: expect.stringMatching(/^unreadable: .*JSON/) };
  await shop.owner.send(queue, "no event");
  const isThere = async () => ((await letters()).length === 1 ? true : undefined);
  await shop.wait("the dead letter", isThere);
  expect(await letters()).toMatchObject([unreadable]);
  const reports = () => shop.problems().filter((problem) => /is a dead letter: unreadable/.test(problem));
  expect(reports()).toHaveLength(1);
  expect(await shop.owner.operate({ action: "redrive-handler", handler })).toMatchObject({ count: 1 });
  await shop.wait("the second dead letter", () => (reports().length === 2 ? true : undefined));
  await shop.wait("the dead letter again", isThere);
});

test("a message that cannot be sent to the dead-letter queue comes back with growing delays until it can", async () => {
  const { assembly, done } = changedAssembly((resources) => {
    withhold("AppSagasCheckoutReact", "sqs:SendMessage")(resources);
    for (const { Properties } of Object.values(resources))
      if (Properties.RedrivePolicy) Properties.RedrivePolicy.maxReceiveCount = 3;
  });
  const other = await startShop(assembly);
  try {
    await other.owner.send("AppSagasCheckoutReactQueue", "no event");
    const refusals = () =>
      other.problems().filter((each) => each.includes("could not be sent to the dead-letter queue"));
    for (const receipts of [1, 2, 3]) {
      await other.wait(`receipt ${receipts}`, () => (refusals().length >= receipts ? true : undefined));
      await other.advance(2 ** receipts);
    }
    const dead = await other.wait("a dead letter", async () => {
      await other.advance(10);
      return other.owner.receive("AppSagasCheckoutReactDeadLetters");
    });
    expect(dead).toBe("no event");
    expect(refusals()).toHaveLength(3);
  } finally {
    await other.stop();
    done();
  }
});
