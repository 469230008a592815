/** The order of a scenario, and where its stock and its money must be at each end. */

import type { RecordedEvent } from "../../../../lib/model/message.ts";
import { receiveStock } from "../../../../lib/shop/stock/inventory.ts";
import { differences, type End } from "../../../simulation/conformance/subject.ts";
import { placing } from "../orders.ts";
import type { shopWorld } from "../shop-world.ts";

type Shop = Pick<ReturnType<typeof shopWorld>, "summary" | "stock" | "held" | "mails" | "events">;

export const orderId = "10248";
const received = 5;
const pieces = { apple: 2, pear: 1 } as const;
const skus = ["apple", "pear"] as const;

export const orderAt = (price: number) =>
  placing(
    orderId,
    skus.map((sku) => ({ sku, quantity: pieces[sku], unitPrice: price })),
  );

export const stockReceipts = skus.map((sku) => receiveStock({ sku, quantity: received }));

const totalAt = (price: number) => price * (pieces.apple + pieces.pear);

/** What is wrong with stock and money at this end, according to read models and the provider. */
export const imbalances = async (shop: Shop, price: number, end: End): Promise<readonly string[]> => {
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
  const found = {
    stock: stock.map((each) => each && { ...each }),
    held: shop.held(orderId),
    mails: shop.mails().length,
    status: summary?.status,
    cancellations: cancellations.length,
  };
  return differences(end, expected, found);
};

const sumOf = (events: readonly RecordedEvent[], type: string): number =>
  events.reduce((sum, event) => (event.type === type ? sum + Number(event.data.quantity ?? 1) : sum), 0);

/**
 * The same, according to the events of all streams: reserved stock was released or taken, and paid money was voided or
 * earned.
 */
export const imbalancesOf = (events: readonly RecordedEvent[], end: End): readonly string[] => {
  const sum = (type: string) => sumOf(events, type);
  const isSold = end === "completed";
  const sold = pieces.apple + pieces.pear;
  const isPaid =
    events.findLast(({ type }) => /^Payment(Authorized|Voided)$/.test(type))?.type === "PaymentAuthorized";
  const expected = {
    reserved: 0,
    taken: isSold ? sold : 0,
    isPaid: isSold,
    confirmed: isSold ? 1 : 0,
    cancelled: isSold ? 0 : 1,
  };
  const found = {
    reserved: sum("StockReserved") - sum("StockReleased") - sum("StockTaken"),
    taken: sum("StockTaken"),
    isPaid,
    confirmed: sum("OrderConfirmed"),
    cancelled: sum("OrderCancelled"),
  };
  return differences(end, expected, found);
};
