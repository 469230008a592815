/** What happens to an order, as its customer and the operators of the shop see it. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

describe.each(["assembly", "choreography"] as const)("sagas on %s", (engine) => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await startShop(inject(engine));
  });
  afterAll(() => shop?.stop());

  test("an order is confirmed: its stock is taken, one e-mail is sent, and the events are listed", async () => {
    expect(await shop.receive("pear", 10)).toMatchObject({ status: 202 });
    const placed = await shop.place(orderOf("happy", [{ sku: "pear", quantity: 3, unitPrice: 150 }]));
    expect(placed).toMatchObject({ status: 202, body: { id: "happy", version: 1 } });
    expect(placed.headers.get("etag")).toBe('"1"');
    expect(placed.headers.get("location")).toBe("/orders/happy");

    expect(await shop.waitForSaga("happy")).toMatchObject({ status: "completed" });
    expect(await shop.waitForOrder("happy", "confirmed")).toMatchObject({
      customerId: "customer-happy",
      total: 450,
      lines: [{ sku: "pear", quantity: 3, unitPrice: 150 }],
      shipment: "arranged",
    });
    expect((await shop.get("/orders/happy")).headers.get("etag")).toMatch(/^"2\.[\w-]{16}"$/);
    await shop.waitForStock("pear", { received: 10, reserved: 0, taken: 3, available: 7 });

    const mail = await shop.wait("an e-mail", async () => (await shop.mailsTo("happy"))[0]);
    expect(mail.subject).toBe("Your order happy");
    expect(mail.text).toContain("We charge 4.50.");
    const audit = await shop.audit("happy");
    expect(audit.map(({ type, version }) => [type, version])).toEqual([
      ["OrderPlaced", 1],
      ["OrderConfirmed", 2],
    ]);
    expect(audit[1]).toMatchObject({
      sagaId: "checkout/happy",
      commandId: "checkout/happy/confirm-order/order-happy#1",
    });
    expect(await shop.mailsTo("happy")).toHaveLength(1);
  });

  test("a declined card cancels the order and releases the stock", async () => {
    await shop.receive("plum", 5);
    await shop.place(
      orderOf("declined", [{ sku: "plum", quantity: 2, unitPrice: 10 }], "pm_card_chargeDeclined"),
    );
    expect(await shop.waitForSaga("declined")).toMatchObject({ status: "compensated" });
    expect(await shop.waitForOrder("declined", "cancelled")).toMatchObject({ reason: "payment-declined" });
    await shop.waitForStock("plum", { received: 5, reserved: 0, taken: 0, available: 5 });
    expect(await shop.mailsTo("declined")).toEqual([]);
  });

  test("an article that is out of stock releases the line before it", async () => {
    await shop.receive("fig", 5);
    await shop.receive("date", 1);
    const lines = [
      { sku: "fig", quantity: 2, unitPrice: 10 },
      { sku: "date", quantity: 2, unitPrice: 10 },
    ];
    await shop.place(orderOf("out-of-stock", lines));
    expect(await shop.waitForSaga("out-of-stock")).toMatchObject({ status: "compensated" });
    expect(await shop.waitForOrder("out-of-stock", "cancelled")).toMatchObject({ reason: "out-of-stock" });
    await shop.waitForStock("fig", { received: 5, reserved: 0, taken: 0 });
    await shop.waitForStock("date", { received: 1, reserved: 0, taken: 0 });
    expect(await shop.owner.stream("payment-out-of-stock")).toEqual([]);
  });

  test("an unknown article cancels the order", async () => {
    await shop.place(orderOf("unknown", [{ sku: "unicorn", quantity: 1, unitPrice: 10 }]));
    expect(await shop.waitForSaga("unknown")).toMatchObject({ status: "compensated" });
    expect(await shop.waitForOrder("unknown", "cancelled")).toMatchObject({ reason: "unknown-sku" });
    expect(await shop.get("/stock/unicorn")).toMatchObject({ status: 404 });
  });

  test("a provider that fails twice is retried, and the order is confirmed", async () => {
    await shop.receive("kiwi", 1);
    await shop.place(orderOf("flaky", [{ sku: "kiwi", quantity: 1, unitPrice: 10 }], "pm_card_flaky"));
    expect(await shop.waitForSaga("flaky")).toMatchObject({ status: "completed" });
    await shop.waitForOrder("flaky", "confirmed");
    expect(await shop.owner.get("payments", "payment-flaky")).toMatchObject({
      status: { S: "authorized" },
      attempts: { N: "3" },
    });
  });

  test("a provider that never answers times out: the order is cancelled, and no money is held", async () => {
    await shop.receive("lime", 4);
    await shop.place(orderOf("silent", [{ sku: "lime", quantity: 4, unitPrice: 10 }], "pm_card_timeout"));
    await shop.waitForOrder("silent", "reserved");
    await shop.wait("the provider to be asked", () => shop.owner.get("payments", "payment-silent"));
    expect(await shop.saga("silent")).toMatchObject({ status: "waiting", step: "authorize-payment" });

    await shop.advance(901);
    expect(await shop.waitForSaga("silent")).toMatchObject({ status: "compensated" });
    expect(await shop.waitForOrder("silent", "cancelled")).toMatchObject({
      reason: "authorize-payment-timed-out",
    });
    await shop.waitForStock("lime", { received: 4, reserved: 0, taken: 0 });
    await shop.wait("the money to be released", async () =>
      (await shop.owner.get("payments", "payment-silent"))?.status?.S === "released" ? true : undefined,
    );
    expect(await shop.mailsTo("silent")).toEqual([]);
  });

  test("a customer cancels while the payment is pending: stock and money are released", async () => {
    await shop.receive("melon", 1);
    await shop.place(orderOf("regretted", [{ sku: "melon", quantity: 1, unitPrice: 10 }], "pm_card_timeout"));
    await shop.waitForOrder("regretted", "reserved");
    expect(await shop.cancel("regretted", "I changed my mind")).toMatchObject({
      status: 202,
      body: { version: 2 },
    });
    expect(await shop.waitForOrder("regretted", "cancelled")).toMatchObject({ reason: "I changed my mind" });

    await shop.advance(901);
    expect(await shop.waitForSaga("regretted")).toMatchObject({ status: "compensated" });
    await shop.waitForStock("melon", { received: 1, reserved: 0, taken: 0 });
    await shop.wait("the money to be released", async () =>
      (await shop.owner.get("payments", "payment-regretted"))?.status?.S === "released" ? true : undefined,
    );
    expect(await shop.order("regretted")).toMatchObject({ status: "cancelled", reason: "I changed my mind" });

    expect(await shop.cancel("regretted", "again")).toMatchObject({ status: 202, body: { version: 2 } });
    const cancelled = (await shop.audit("regretted")).filter(({ type }) => type === "OrderCancelled");
    expect(cancelled).toMatchObject([{ data: { reason: "I changed my mind" } }]);
  });

  test("a customer cancels and the payment comes later: the shipment is cancelled and the money is released", async () => {
    await shop.receive("mango", 1);
    await shop.place(orderOf("too-late", [{ sku: "mango", quantity: 1, unitPrice: 10 }], "pm_card_timeout"));
    await shop.waitForOrder("too-late", "reserved");
    await shop.cancel("too-late", "no mango");
    const authorized = {
      type: "PaymentAuthorized",
      data: { orderId: "too-late", authorization: "by phone" },
    };
    await shop.owner.append("payment-too-late", authorized, { sagaId: "checkout/too-late" });
    expect(await shop.waitForSaga("too-late")).toMatchObject({ status: "compensated" });
    await shop.wait("the money to be released", async () =>
      (await shop.owner.get("payments", "payment-too-late"))?.status?.S === "released" ? true : undefined,
    );
    await shop.waitForStock("mango", { received: 1, reserved: 0, taken: 0 });
    await shop.wait("the shipment to be cancelled", async () =>
      (await shop.order("too-late"))?.shipment === "cancelled" ? true : undefined,
    );
    expect(await shop.order("too-late")).toMatchObject({ status: "cancelled", reason: "no mango" });
  });

  test("the same key gives the same response and one order; with another body it is refused", async () => {
    const { orderId: _, ...body } = orderOf("unnamed", [{ sku: "pear", quantity: 1, unitPrice: 150 }]);
    const headers = { "idempotency-key": "twice" };
    const first = await shop.place(body, headers);
    const second = await shop.place(body, headers);
    expect(first).toMatchObject({ status: 202, body: { version: 1 } });
    expect(second.status).toBe(202);
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(second.headers.get("etag")).toBe('"1"');

    const other = await shop.place({ ...body, paymentMethod: "pm_card_flaky" }, headers);
    expect(other).toMatchObject({ status: 422, body: { type: "urn:eventfold:problem:key-reused" } });
    await shop.waitForSaga(String(first.body.id));
    expect((await shop.audit(String(first.body.id))).map(({ type }) => type)).toEqual([
      "OrderPlaced",
      "OrderConfirmed",
    ]);
  });

  test("an order is placed once, and a confirmed order cannot be cancelled", async () => {
    expect(await shop.place(orderOf("happy", [{ sku: "pear", quantity: 1, unitPrice: 1 }]))).toMatchObject({
      status: 409,
      body: { type: "urn:eventfold:problem:refused", code: "already-placed" },
    });
    expect(await shop.cancel("happy", "too late")).toMatchObject({
      status: 409,
      body: { code: "already-confirmed" },
    });
    expect(await shop.cancel("nobody", "who?")).toMatchObject({
      status: 404,
      body: { type: "urn:eventfold:problem:not-found", code: "unknown-order" },
    });
  });

  test("a cancellation with an old version is refused", async () => {
    await shop.place(orderOf("seen", [{ sku: "pear", quantity: 1, unitPrice: 1 }], "pm_card_timeout"));
    expect(await shop.cancel("seen", "old", { "if-match": '"7"' })).toMatchObject({
      status: 412,
      body: { type: "urn:eventfold:problem:stale" },
    });
    const fresh = await shop.cancel("seen", "fresh", { "if-match": '"1"' });
    expect(fresh).toMatchObject({ status: 202 });
    expect(fresh.headers.get("etag")).toBe('"2"');
  });

  test("lists are sorted from the newest, filtered, and in pages", async () => {
    type Page = { readonly items: readonly { readonly orderId: string }[]; readonly next?: string };
    const customer = { id: "lister", name: "Lister", email: "lister@example.com" };
    for (const id of ["list-1", "list-2", "list-3"])
      await shop.place({ ...orderOf(id, [{ sku: "nothing", quantity: 1, unitPrice: 1 }]), customer });
    for (const id of ["list-1", "list-2", "list-3"]) await shop.waitForOrder(id, "cancelled");

    const first = await shop.get<Page>("/orders?customerId=lister&limit=2");
    expect(first.body.items.map(({ orderId }) => orderId)).toEqual(["list-3", "list-2"]);
    const second = await shop.get<Page>(
      `/orders?customerId=lister&limit=2&next=${encodeURIComponent(`${first.body.next}`)}`,
    );
    expect(second.body.items.map(({ orderId }) => orderId)).toEqual(["list-1"]);
    expect(second.body.next).toBeUndefined();

    const cancelled = await shop.get<Page>("/orders?customerId=lister&status=cancelled");
    expect(cancelled.body.items).toHaveLength(3);
    expect((await shop.get<Page>("/orders?customerId=lister&status=confirmed")).body.items).toEqual([]);
    const confirmed = await shop.get<Page>("/orders?status=confirmed");
    expect(confirmed.body.items.map(({ orderId }) => orderId)).toContain("happy");
    expect((await shop.get<Page>("/orders")).body.items.length).toBeGreaterThan(3);
    expect((await shop.get<{ items: unknown[] }>("/stock")).body.items.length).toBeGreaterThan(3);
  });

  test("a correlation id finds everything that a request caused, causes first", async () => {
    const headers = { "x-correlation-id": "trace-1" };
    const placed = await shop.place(orderOf("traced", [{ sku: "pear", quantity: 1, unitPrice: 1 }]), headers);
    expect(placed.headers.get("x-correlation-id")).toBe("trace-1");
    expect(placed.body).toMatchObject({ correlationId: "trace-1" });
    await shop.waitForSaga("traced");
    await shop.wait("an e-mail", async () => (await shop.mailsTo("traced"))[0]);
    const entries = await shop.wait("the whole trace", async () => {
      const found = await shop.trace("trace-1");
      const has = (beginning: string) => found.some(({ message }) => message.startsWith(beginning));
      return has("send-confirmation") && has("OrderConfirmed") ? found : undefined;
    });
    const words = entries.map(({ kind, message }) => `${kind} ${message}`);
    const at = (beginning: string) => words.findIndex((each) => each.startsWith(beginning));
    for (const [cause, effect] of [
      ["command PlaceOrder order-traced", "event OrderPlaced"],
      ["event OrderPlaced", "command ReserveStock inventory-pear"],
      ["command ReserveStock inventory-pear", "event StockReserved"],
      ["event StockReserved", "step checkout/traced reserve-stock"],
      ["event PaymentRequested", "effect authorize-payment payment-traced"],
      ["effect authorize-payment payment-traced", "event PaymentAuthorized"],
      ["event OrderConfirmed", "effect send-confirmation order-traced"],
    ] as const) {
      expect(words).toContainEqual(expect.stringMatching(`^${cause}`));
      expect(at(cause), words.join("\n")).toBeLessThan(at(effect));
    }
  });
});
