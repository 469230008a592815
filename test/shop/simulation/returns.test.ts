/** Returned orders, whatever goes wrong: the shop or the customer has the goods, the other has the money. */
import { describe, expect, test } from "vitest";
import { returnOrder } from "../../../lib/shop/orders/order.ts";
import { restock } from "../../../lib/shop/sagas/restock.ts";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { problemsOf } from "../../simulation/checkers.ts";
import { type Delivery, deliveries, told } from "../../simulation/delivery.ts";
import { engines, type MakeEngine } from "../../simulation/engines.ts";
import { formerExpress } from "../../simulation/former-express.ts";
import { placing } from "./orders.ts";
import { shopWorld } from "./shop-world.ts";

const orderId = "10248";
const lines = [
  { sku: "apple", quantity: 2, unitPrice: 50 },
  { sku: "pear", quantity: 1, unitPrice: 70 },
];

const giveBack = returnOrder({ orderId, reason: "too green" });

/** Returns the status of the order at the end. */
const play = async (makeEngine: MakeEngine, delivery: Delivery) => {
  const shop = shopWorld(makeEngine, delivery);
  for (const sku of ["apple", "pear"]) await shop.request(receiveStock({ sku, quantity: 5 }));
  await shop.request(placing(orderId, lines));
  await shop.settle(orderId);
  await shop.request(giveBack);
  await shop.request(giveBack);
  await shop.settle(orderId);

  expect(await problemsOf(shop)).toEqual([]);
  const status = (await shop.summary(orderId))?.status;
  const end = (await shop.statusOf(restock, orderId))?.kind;
  const isBack = status !== "return-refused";
  expect(end).toBe(status === "cancelled" ? undefined : isBack ? "completed" : "compensated");
  const [apples, pears] = [await shop.stock("apple"), await shop.stock("pear")];
  expect(apples).toMatchObject({
    received: 5,
    reserved: 0,
    taken: isBack ? 0 : 2,
    available: isBack ? 5 : 3,
  });
  expect(pears).toMatchObject({ received: 5, reserved: 0, taken: isBack ? 0 : 1, available: isBack ? 5 : 4 });
  expect(shop.held(orderId)).toBe(isBack ? 0 : 170);
  return status;
};

/** An execution lasts about a tenth of a second without mishaps. */
const deployments = [0, 20, 40, 60, 100, 5000, 400_000].flatMap((at) => [
  ["a choreography after Express", formerExpress({ at })] as const,
  ["Express after a choreography after Express", formerExpress({ at, back: at + 300 })] as const,
]);

describe.each([...engines, ...deployments])("%s", (_, makeEngine) => {
  test.each(deliveries)("each message $name ($seed)", async (delivery) => {
    await told(delivery, async () => expect(await play(makeEngine, delivery)).toBe("returned"));
  });

  test.each(deliveries)("each message $name ($seed), and the clock jumps", async (variant) => {
    const delivery: Delivery = { ...variant, clockJumps: true };
    await told(delivery, () => play(makeEngine, delivery));
  });
});
