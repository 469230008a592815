/** The checkout of an order that a person must approve, whatever that person does and whatever else goes wrong. */
import { describe, expect, test } from "vitest";
import { approvalLimit, approvalSeconds } from "../../../lib/shop/orders/approval.ts";
import { answerApproval, cancelOrder } from "../../../lib/shop/orders/order.ts";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { problemsOf } from "../../simulation/checkers.ts";
import { type Delivery, deliveries, told } from "../../simulation/delivery.ts";
import { engines, type MakeEngine } from "../../simulation/engines.ts";
import { placing } from "./orders.ts";
import { shopWorld } from "./shop-world.ts";

const orderId = "10248";
const hour = 3600;
const total = approvalLimit + 2;
const lines = [{ sku: "apple", quantity: 2, unitPrice: total / 2 }];
const approve = answerApproval({ orderId, approved: true, by: "Grace" });
const refuse = answerApproval({ orderId, approved: false });
const regret = cancelOrder({ orderId, reason: "rain" });

const placed = async (makeEngine: MakeEngine, delivery: Delivery, paymentMethod?: string) => {
  const shop = shopWorld(makeEngine, delivery);
  await shop.request(receiveStock({ sku: "apple", quantity: 5 }));
  await shop.request(placing(orderId, lines, paymentMethod));
  await shop.pass(hour);
  const typesOf = async () => (await shop.events(`order-${orderId}`)).map(({ type }) => type);
  return { ...shop, typesOf };
};

type Shop = Awaited<ReturnType<typeof placed>>;

/** Checks what must hold in both cases. Returns why the order was cancelled, if it was. */
const outcomeOf = async (shop: Shop) => {
  const end = (await shop.statusOfCheckout(orderId))?.kind;
  const summary = await shop.summary(orderId);
  const isConfirmed = summary?.status === "confirmed";
  expect([summary?.status, end]).toEqual(
    isConfirmed ? ["confirmed", "completed"] : ["cancelled", "compensated"],
  );
  expect([await shop.stock("apple"), shop.held(orderId), shop.mails().length]).toMatchObject(
    isConfirmed
      ? [{ taken: 2, reserved: 0, available: 3 }, total, 1]
      : [{ taken: 0, reserved: 0, available: 5 }, 0, 0],
  );
  const types = await shop.typesOf();
  expect(types.filter((type) => type === "ApprovalRequested").length).toBeLessThanOrEqual(1);
  expect(types.filter((type) => ["OrderApproved", "OrderRefused"].includes(type)).length).toBeLessThanOrEqual(
    1,
  );
  if (isConfirmed) expect(types).toContain("OrderApproved");
  expect(await problemsOf(shop)).toEqual([]);
  return summary?.reason;
};

describe.each(engines)("%s", (_, makeEngine) => {
  const play = (name: string, run: (shop: Shop) => Promise<void>, paymentMethod?: string) =>
    test(name, async () => {
      for (const delivery of deliveries)
        await told(delivery, async () => run(await placed(makeEngine, delivery, paymentMethod)));
    });

  play("it waits for a person, with its stock reserved and no payment", async (shop) => {
    expect(await shop.statusOfCheckout(orderId)).toMatchObject({ kind: "waiting", step: "approve" });
    expect(await shop.summary(orderId)).toMatchObject({ status: "awaiting-approval" });
    expect(await shop.stock("apple")).toMatchObject({ reserved: 2, available: 3 });
    expect(await shop.events(`payment-${orderId}`)).toEqual([]);
  });

  play("it is confirmed after an approval, even on the third day", async (shop) => {
    await shop.pass(approvalSeconds - 2 * hour);
    expect((await shop.request(approve)).kind).toBe("accepted");
    await shop.settle(orderId);
    expect(await outcomeOf(shop)).toBeUndefined();
    expect(await shop.typesOf()).toContain("OrderConfirmed");
  });

  play("it is cancelled after a refusal", async (shop) => {
    await shop.request(refuse);
    await shop.pass(hour);
    expect(await outcomeOf(shop)).toBe("not-approved");
  });

  play("it is cancelled after three days without an answer, and can no longer be approved", async (shop) => {
    await shop.pass(approvalSeconds);
    expect(await outcomeOf(shop)).toBe("not-approved");
    expect(await shop.request(approve)).toMatchObject({ kind: "rejected", code: "already-cancelled" });
    expect(await shop.typesOf()).toEqual(expect.arrayContaining(["ApprovalLapsed", "OrderCancelled"]));
  });

  play("a cancellation by the customer ends the wait", async (shop) => {
    await shop.request(regret);
    await shop.pass(hour);
    expect(await outcomeOf(shop)).toBe("rain");
    expect(await shop.request(approve)).toMatchObject({ kind: "rejected", code: "already-cancelled" });
  });

  play("the first of two answers counts", async (shop) => {
    await shop.request(approve);
    expect((await shop.request(refuse)).kind).toBe("rejected");
    await shop.settle(orderId);
    expect(await outcomeOf(shop)).toBeUndefined();
  });

  play("an order that is approved and then cancelled by the customer is cancelled", async (shop) => {
    await shop.request(approve);
    if ((await shop.request(regret)).kind !== "accepted") return;
    await shop.settle(orderId);
    expect(await outcomeOf(shop)).toBe("rain");
  });

  play(
    "an approval does not replace the payment",
    async (shop) => {
      await shop.request(approve);
      await shop.settle(orderId);
      expect(await outcomeOf(shop)).toBe("payment-declined");
    },
    "pm_card_chargeDeclined",
  );

  test.each([
    ["approval", approve],
    ["refusal", refuse],
    ["cancellation", regret],
  ])("it has exactly one end if the clock jumps around its %s", async (_, answer) => {
    for (const variant of deliveries) {
      const delivery: Delivery = { ...variant, clockJumps: true };
      await told(delivery, async () => {
        const shop = await placed(makeEngine, delivery);
        await shop.request(answer);
        await shop.settle(orderId);
        await outcomeOf(shop);
      });
    }
  });
});
