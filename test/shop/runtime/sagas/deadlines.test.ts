/** How many deadlines a checkout sets and deletes: only steps that wait have one, and it is deleted when they are decided. */
import { expect, test } from "vitest";
import type { Deadlines } from "../../../../lib/ports/deadlines.ts";
import { approvalLimit } from "../../../../lib/shop/orders/approval.ts";
import { answerApproval } from "../../../../lib/shop/orders/order.ts";
import { receiveStock } from "../../../../lib/shop/stock/inventory.ts";
import { placing } from "../../simulation/orders.ts";
import { shopWorld } from "../../simulation/shop-world.ts";

const orderId = "1";
const inOrder = { name: "once, in order", seed: 1, copies: 1 } as const;
const hour = 3600;

type Counted = { readonly deadlines: Deadlines; readonly set: string[]; readonly deleted: string[] };

const counting = (kept: Deadlines, isDeletable = true): Counted => {
  const [set, deleted]: [string[], string[]] = [[], []];
  return {
    set,
    deleted,
    deadlines: {
      set: async (name, ...rest) => {
        set.push(name);
        return kept.set(name, ...rest);
      },
      delete: async (name) => {
        deleted.push(name);
        if (!isDeletable) throw new Error("no scheduler");
        return kept.delete(name);
      },
    },
  };
};

type Order = { readonly unitPrice: number; readonly paymentMethod?: string; readonly isDeletable?: boolean };

const placed = async ({ unitPrice, paymentMethod, isDeletable }: Order) => {
  let counted: Counted | undefined;
  const deadlines = (kept: Deadlines) => {
    counted = counting(kept, isDeletable);
    return counted.deadlines;
  };
  const shop = shopWorld("choreography", inOrder, { between: { deadlines } });
  await shop.request(receiveStock({ sku: "apple", quantity: 5 }));
  await shop.request(placing(orderId, [{ sku: "apple", quantity: 1, unitPrice }], paymentMethod));
  await shop.pass(60);
  if (unitPrice > approvalLimit) await shop.request(answerApproval({ orderId, approved: true, by: "Grace" }));
  await shop.pass(60);
  return { shop, counted, status: async () => (await shop.statusOfCheckout(orderId))?.kind };
};

const payment = "checkout/1/authorize-payment#1";
const approval = "checkout/1/approve#1";

test.each([
  ["is confirmed", { unitPrice: 50 }, [payment], [payment], "completed"],
  [
    "a person approves",
    { unitPrice: approvalLimit + 1 },
    [approval, payment],
    [approval, payment],
    "completed",
  ],
  [
    "is declined",
    { unitPrice: 50, paymentMethod: "pm_card_chargeDeclined" },
    [payment],
    [payment],
    "compensated",
  ],
] as const)("an order that %s", async (_, order, set, deleted, end) => {
  const { counted, status } = await placed(order);
  expect(await status()).toBe(end);
  expect(counted?.set).toEqual(set);
  expect(counted?.deleted).toEqual(deleted);
});

test("a deadline that cannot be deleted is delivered later, and is ignored", async () => {
  const { shop, counted, status } = await placed({ unitPrice: 50, isDeletable: false });
  expect(await status()).toBe("completed");
  const left = shop.log.entries().filter(({ message }) => message.includes("a deadline is left"));
  expect(left).toHaveLength(1);
  const before = await shop.instances();
  await shop.pass(hour);
  expect(await shop.instances()).toEqual(before);
  expect(counted?.set).toEqual([payment]);
});
