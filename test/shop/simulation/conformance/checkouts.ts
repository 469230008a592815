/** The checkout as a subject: with a small and a large order, because some steps run only for one of them. */
import type { memoryMailer } from "../../../../lib/adapters/memory/mailer.ts";
import type { AnyApplication } from "../../../../lib/model/application.ts";
import { cancelOrder } from "../../../../lib/shop/orders/order.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { type ShopServices, shop } from "../../../../lib/shop/shop.ts";
import type { Subject } from "../../../simulation/conformance/subject.ts";
import { shopWorld } from "../shop-world.ts";
import { imbalances, imbalancesOf, orderAt, orderId, stockReceipts } from "./books.ts";

export type CheckoutOptions = {
  /** The shop by default. */
  readonly application?: AnyApplication<ShopServices>;
  readonly mailer?: ReturnType<typeof memoryMailer>;
};

export const checkoutAt = (price: number, { application = shop, mailer }: CheckoutOptions = {}): Subject => ({
  name: `checkout at ${price}`,
  application,
  saga: application.sagas.find(({ name }) => name === checkout.name) ?? checkout,
  id: orderId,
  before: stockReceipts,
  start: orderAt(price),
  cancellation: cancelOrder({ orderId, reason: "rain" }),
  world: (makeEngine, delivery, { change, between }) => {
    const world = shopWorld(makeEngine, delivery, { application: change(application), mailer, between });
    return { ...world, imbalances: (end) => imbalances(world, price, end) };
  },
  imbalancesOf,
});

export const checkouts: readonly Subject[] = [checkoutAt(50), checkoutAt(1_000_000)];
