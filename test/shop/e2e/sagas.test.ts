/** What operators see of sagas and how they resume them. It is the same on every engine. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { orderOf, type SagaView } from "./client.ts";
import { parkCheckout, reserveAgain, waitUntilCompleted } from "./park-checkout.ts";
import { type Shop, startShop } from "./shop.ts";

type Sagas = { readonly items: readonly SagaView[]; readonly next?: string };

describe.each(["assembly", "choreography"] as const)("the sagas of the assembly %s", (assembly) => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop(inject(assembly));
  });
  afterAll(() => shop?.stop());

  test("a parked saga is resumed by a request, and shows who decided what", async () => {
    await parkCheckout(shop, "asked", "melon");
    await reserveAgain(shop, "asked", "melon");
    const path = "/sagas/checkout/asked/resume";
    const resumed = { saga: "checkout", id: "asked", action: "retry" };
    expect(await shop.post(path, { action: "retry" })).toMatchObject({ status: 202, body: resumed });
    await waitUntilCompleted(shop, "asked");
    expect(await shop.post(path, { action: "retry" })).toMatchObject({ status: 202, body: resumed });
    expect(await shop.post(path, { action: "skip" })).toMatchObject({
      status: 409,
      body: { type: "urn:eventfold:problem:not-parked" },
    });
    expect(await shop.post("/sagas/checkout/nobody/resume", { action: "skip" })).toMatchObject({
      status: 404,
    });
    expect(await shop.post(path, { action: "retry", force: true })).toMatchObject({ status: 400 });
  });

  const idsOf = async (query: string): Promise<readonly string[]> => {
    const { body } = await shop.get<Sagas>(`/sagas?${query}`);
    return body.items.map(({ id }) => id);
  };

  test("a saga shows what is done, what it waits for and what caused this, and is listed by its status", async () => {
    await shop.receive("fig", 5);
    await shop.place(orderOf("watched", [{ sku: "fig", quantity: 1, unitPrice: 10 }], "pm_card_timeout"));
    await shop.waitForOrder("watched", "reserved");
    const waiting = await shop.wait("the checkout to wait", async () => {
      const view = await shop.saga("watched");
      return view?.status === "waiting" ? view : undefined;
    });
    expect(waiting).toMatchObject({
      definition: {
        name: "checkout",
        steps: ["reserve-stock", "authorize-payment", "arrange-shipment", "confirm-order"],
      },
      done: ["reserve-stock"],
      step: "authorize-payment",
      stuck: false,
      waitsFor: { kind: "event", events: ["PaymentAuthorized", "PaymentDeclined"] },
    });
    expect(waiting.events).toContainEqual(
      expect.objectContaining({
        type: "StockReserved",
        id: "inventory-fig@2",
        causationId: "order-watched@1",
      }),
    );
    expect(await idsOf("status=waiting&limit=100")).toContain("watched");
    expect(await idsOf("status=completed&limit=100")).not.toContain("watched");

    const authorized = { type: "PaymentAuthorized", data: { orderId: "watched", authorization: "by phone" } };
    await shop.owner.append("payment-watched", authorized, { sagaId: "checkout/watched" });
    await waitUntilCompleted(shop, "watched");
    expect(await shop.saga("watched")).toMatchObject({ outcome: "completed", stuck: false });
    expect((await idsOf("status=completed"))[0]).toBe("watched");
    expect(await idsOf("status=waiting&limit=100")).not.toContain("watched");
    expect(await shop.get("/sagas?status=lost")).toMatchObject({ status: 400 });
  });

  test("a parked saga is listed, and shows who decided what after it is resumed", async () => {
    await parkCheckout(shop, "listed", "lemon");
    expect(await idsOf("status=parked&limit=100")).toContain("listed");
    const skipped = { action: "resume", sagaId: "checkout/listed", how: "skip", actor: "eve" };
    await shop.owner.operate(skipped);
    await waitUntilCompleted(shop, "listed");
    expect(await idsOf("status=parked&limit=100")).not.toContain("listed");
    expect(await shop.saga("listed")).toMatchObject({ decisions: [{ how: "skip", actor: "eve" }] });
  });

  test("a saga without progress is found stuck by the clock", async () => {
    const { notes } = await shop.wait("a saga to copy", async () => {
      await shop.receive("medlar", 1);
      await shop.place(orderOf("forgotten", [{ sku: "medlar", quantity: 1, unitPrice: 10 }]));
      return shop.owner.get("instances", "checkout/forgotten");
    });
    await waitUntilCompleted(shop, "forgotten");
    // As if nothing had come after the start. Queues may still have events of the saga, which are removed again.
    const started = { pk: { S: "checkout/forgotten" }, notes: { L: (notes?.L ?? []).slice(0, 1) } };
    const forget = () => {
      const standsAt = { S: new Date().toISOString() };
      return shop.owner.put("instances", { ...started, stands: { S: "open" }, standsAt });
    };
    await forget();
    expect(await idsOf("stuck=true")).not.toContain("forgotten");
    const isReported = () =>
      shop.problems().some((problem) => problem.includes("checkout/forgotten is stuck"));
    const report = await shop.wait("the inspection that finds it", async () => {
      const { notes } = (await shop.owner.get("instances", "checkout/forgotten")) ?? {};
      if (notes?.L?.length !== 1) await forget();
      if (!isReported()) await shop.advance(300);
      const isListed = (await idsOf("stuck=true")).includes("forgotten");
      const saga = await shop.saga("forgotten");
      return isReported() && isListed && saga?.status === "running" ? saga : undefined;
    });
    expect(report).toMatchObject({ status: "running", step: "reserve-stock", stuck: true });
  });
});
