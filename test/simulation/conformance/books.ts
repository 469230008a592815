/** The order of a scenario, and where its stock and its money must be at each end of it. */
import { receiveStock } from "../../../lib/domain/inventory.ts";
import type { Status } from "../../../lib/model/status.ts";
import { placing } from "../orders.ts";
import type { shopWorld } from "../shop-world.ts";

type Shop = Pick<ReturnType<typeof shopWorld>, "request" | "summary" | "stock" | "held" | "mails" | "events">;

export const orderId = "10248";
const received = 5;
const pieces = { apple: 2, pear: 1 } as const;
const skus = ["apple", "pear"] as const;

export const orderAt = (price: number) =>
  placing(
    orderId,
    skus.map((sku) => ({ sku, quantity: pieces[sku], unitPrice: price })),
  );

export const stockUp = async ({ request }: Shop) => {
  for (const sku of skus) await request(receiveStock({ sku, quantity: received }));
};

const totalAt = (price: number) => price * (pieces.apple + pieces.pear);

/** What is not where it belongs. */
export const imbalances = async (
  shop: Shop,
  price: number,
  end: Status["kind"],
): Promise<readonly string[]> => {
  const isSold = end === "completed";
  const stockOf = (sku: (typeof skus)[number]) => {
    const taken = isSold ? pieces[sku] : 0;
    return { sku, received, reserved: 0, taken, available: received - taken };
  };
  const stock = await Promise.all(skus.map(shop.stock));
  const summary = await shop.summary(orderId);
  const cancellations = (await shop.events(`order-${orderId}`)).filter(
    ({ type }) => type === "OrderCancelled",
  );
  const expected = {
    stock: skus.map(stockOf),
    held: isSold ? totalAt(price) : 0,
    mails: isSold ? 1 : 0,
    status: isSold ? "confirmed" : "cancelled",
    cancellations: isSold ? 0 : 1,
  };
  const found: Readonly<Record<string, unknown>> = {
    stock: stock.map((each) => each && { ...each }),
    held: shop.held(orderId),
    mails: shop.mails().length,
    status: summary?.status,
    cancellations: cancellations.length,
  };
  return Object.entries(expected).flatMap(([what, value]) =>
    JSON.stringify(value) === JSON.stringify(found[what])
      ? []
      : [`${end}, but ${what}: ${JSON.stringify(found[what])} instead of ${JSON.stringify(value)}`],
  );
};
