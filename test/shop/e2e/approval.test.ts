/** Orders above the limit wait for an operator, who answers over HTTP, or for the end of three days. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { approvalLimit, approvalSeconds } from "../../../lib/shop/orders/approval.ts";
import { orderOf, type SagaView } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

describe.each(["assembly", "choreography"] as const)("sagas on %s", (engine) => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await startShop(inject(engine));
  });
  afterAll(() => shop?.stop());

  const answer = (id: string, body: object) => shop.post(`/orders/${id}/approval`, body);

  /** Places an order for one piece of `sku` at this price. */
  const place = async (id: string, sku: string, unitPrice: number) => {
    await shop.receive(sku, 1);
    expect(await shop.place(orderOf(id, [{ sku, quantity: 1, unitPrice }]))).toMatchObject({ status: 202 });
  };

  /** Places a large order, and waits until it needs an answer. */
  const placeLarge = async (id: string, sku: string) => {
    await place(id, sku, approvalLimit + 1);
    await shop.waitForOrder(id, "awaiting-approval");
    return shop.wait("the checkout to wait", async () => {
      const view = await shop.saga(id);
      return view?.status === "waiting" ? view : undefined;
    });
  };

  const idsOf = async (path: string, id: "id" | "orderId") => {
    const { body } = await shop.get<{ readonly items: readonly Readonly<Record<string, unknown>>[] }>(path);
    return body.items.map((item) => item[id]);
  };

  test("an order above the limit shows that it waits, for what and until when", async () => {
    const view: SagaView & { readonly since?: string; readonly until?: string } = await placeLarge(
      "shown",
      "ruby",
    );
    expect(view).toMatchObject({
      step: "approve",
      done: ["reserve-stock"],
      stuck: false,
      definition: {
        steps: ["reserve-stock", "approve", "authorize-payment", "arrange-shipment", "confirm-order"],
      },
      waitsFor: { kind: "event", events: ["OrderApproved", "OrderRefused", "OrderCancelled"] },
    });
    expect(Date.parse(view.until ?? "") - Date.parse(view.since ?? "")).toBe(approvalSeconds * 1000);
    expect(await idsOf("/orders?status=awaiting-approval", "orderId")).toContain("shown");
    await shop.waitForStock("ruby", { reserved: 1, available: 0 });
    expect(await shop.owner.stream("payment-shown")).toEqual([]);
  });

  test("it is confirmed after an approval; the same answer again changes nothing, and another answer is refused", async () => {
    await placeLarge("approved", "pearl");
    const approval = { approved: true, by: "Grace Hopper" };
    const approved = await answer("approved", approval);
    expect(approved).toMatchObject({ status: 202, body: { version: 3 } });
    expect(approved.headers.get("location")).toBe("/orders/approved");
    const again = [await answer("approved", approval), await answer("approved", { approved: false })];
    // Unless it is already confirmed.
    expect([202, 409]).toContain(again[0]?.status);
    expect(again[1]).toMatchObject({ status: 409 });
    expect(await shop.waitForSaga("approved")).toMatchObject({ status: "completed" });
    await shop.waitForOrder("approved", "confirmed");
    const audit = (await shop.audit("approved")).map(({ type, data }) => [type, data.by]);
    expect(audit).toEqual([
      ["OrderPlaced", undefined],
      ["ApprovalRequested", undefined],
      ["OrderApproved", "Grace Hopper"],
      ["OrderConfirmed", undefined],
    ]);
    expect(await answer("approved", approval)).toMatchObject({
      status: 409,
      body: { code: "already-confirmed" },
    });
  });

  test("it is cancelled after a refusal, and its stock is released", async () => {
    await placeLarge("refused", "opal");
    expect(await answer("refused", { approved: false })).toMatchObject({ status: 202 });
    expect(await shop.waitForSaga("refused")).toMatchObject({
      status: "compensated",
      reason: "approve failed: OrderRefused",
    });
    expect(await shop.waitForOrder("refused", "cancelled")).toMatchObject({ reason: "not-approved" });
    await shop.waitForStock("opal", { reserved: 0, taken: 0, available: 1 });
    expect(await shop.mailsTo("refused")).toEqual([]);
  });

  test("a cancellation by its customer ends the wait", async () => {
    await placeLarge("regretted", "jade");
    expect(await shop.cancel("regretted", "I changed my mind")).toMatchObject({ status: 202 });
    expect(await shop.waitForSaga("regretted")).toMatchObject({ status: "compensated" });
    await shop.waitForStock("jade", { reserved: 0, taken: 0, available: 1 });
    expect(await shop.order("regretted")).toMatchObject({ status: "cancelled", reason: "I changed my mind" });
  });

  test("an order below the limit is not listed for approval, and cannot be approved", async () => {
    await place("small", "agate", approvalLimit);
    expect(await shop.waitForSaga("small")).toMatchObject({ status: "completed" });
    expect((await shop.audit("small")).map(({ type }) => type)).toEqual(["OrderPlaced", "OrderConfirmed"]);
    await shop.receive("agate", 2);
    await shop.place(orderOf("silent", [{ sku: "agate", quantity: 1, unitPrice: 1 }], "pm_card_timeout"));
    expect(await answer("silent", { approved: true })).toMatchObject({
      status: 409,
      body: { code: "approval-not-requested" },
    });
    expect(await answer("nobody", { approved: true })).toMatchObject({
      status: 404,
      body: { code: "unknown-order" },
    });
    expect(await answer("silent", { approved: "yes" })).toMatchObject({ status: 400 });
    await shop.cancel("silent", "enough");
  });

  test("after three days without an answer it is cancelled, and an answer comes too late", async () => {
    await placeLarge("forgotten", "amber");
    await shop.advance(approvalSeconds - 3600);
    expect(await idsOf("/sagas?stuck=true", "id")).not.toContain("forgotten");
    expect(await shop.saga("forgotten")).toMatchObject({ status: "waiting", step: "approve" });
    await shop.advance(3601);
    expect(await shop.waitForSaga("forgotten")).toMatchObject({
      status: "compensated",
      reason: "approve timed out",
    });
    expect(await shop.waitForOrder("forgotten", "cancelled")).toMatchObject({ reason: "not-approved" });
    await shop.waitForStock("amber", { reserved: 0, taken: 0, available: 1 });
    expect(await answer("forgotten", { approved: true })).toMatchObject({
      status: 409,
      body: { code: "already-cancelled" },
    });
    expect(shop.problems().filter((problem) => problem.includes("checkout/forgotten is stuck"))).toEqual([]);
  });
});
