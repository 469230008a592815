/** Many orders at once for too few apples: nothing is sold twice, and no money is held without an order. */
import { describe, expect, test } from "vitest";
import { cancelOrder } from "../../../lib/shop/orders/order.ts";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { problemsOf } from "../../simulation/checkers.ts";
import { deliveries, told } from "../../simulation/delivery.ts";
import { engines } from "../../simulation/engines.ts";
import { placing } from "./orders.ts";
import { shopWorld } from "./shop-world.ts";

const apples = 4;
const cards = ["pm_card_visa", "pm_card_chargeDeclined", "pm_card_flaky"] as const;
const orderIds = ["1", "2", "3", "4", "5", "6", "7", "8"];

describe.each(engines)("%s", (_, makeEngine) => {
  test.each([
    ["time passes evenly", undefined],
    ["the clock jumps", true],
  ] as const)("stock and money are correct if %s", async (_, clockJumps) => {
    for (const variant of deliveries) {
      const delivery = { ...variant, clockJumps };
      await told(delivery, async () => {
        const shop = shopWorld(makeEngine, delivery);
        await shop.request(receiveStock({ sku: "apple", quantity: apples }));
        for (const [index, orderId] of orderIds.entries())
          await shop.request(
            placing(orderId, [{ sku: "apple", quantity: 1, unitPrice: 50 }], cards[index % cards.length]),
          );
        await shop.request(cancelOrder({ orderId: "4", reason: "rain" }));
        await shop.settle(...orderIds);

        const summaries = await Promise.all(orderIds.map(shop.summary));
        const statuses = summaries.map((summary) => summary?.status);
        const ends = await Promise.all(orderIds.map(shop.statusOfCheckout));
        expect(ends.map((end) => end?.kind)).toEqual(
          statuses.map((status) => (status === "confirmed" ? "completed" : "compensated")),
        );
        const confirmed = statuses.filter((status) => status === "confirmed").length;
        expect(confirmed).toBeLessThanOrEqual(apples);
        expect(await shop.stock("apple")).toMatchObject({
          taken: confirmed,
          reserved: 0,
          available: apples - confirmed,
        });
        expect(orderIds.map(shop.held)).toEqual(statuses.map((status) => (status === "confirmed" ? 50 : 0)));
        expect(shop.mails()).toHaveLength(confirmed);
        expect(await problemsOf(shop)).toEqual([]);
      });
    }
  });
});
