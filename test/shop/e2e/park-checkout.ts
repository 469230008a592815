/** A checkout that is parked, because its order is confirmed but its stock is gone. */
import { orderOf } from "./client.ts";
import type { Shop } from "./shop.ts";

/** Releases the reserved stock by hand while the payment is pending. Then the payment arrives. */
export const parkCheckout = async (shop: Shop, id: string, sku: string) => {
  await shop.receive(sku, 1);
  await shop.place(orderOf(id, [{ sku, quantity: 1, unitPrice: 10 }], "pm_card_timeout"));
  await shop.waitForOrder(id, "reserved");
  const released = { type: "StockReleased", data: { sku, orderId: id, quantity: 1 } };
  await shop.owner.append(`inventory-${sku}`, released);
  const authorized = { type: "PaymentAuthorized", data: { orderId: id, authorization: "by phone" } };
  await shop.owner.append(`payment-${id}`, authorized, { sagaId: `checkout/${id}` });
  return shop.waitForSaga(id);
};

/** Reserves the stock again, also by hand. */
export const reserveAgain = (shop: Shop, id: string, sku: string) =>
  shop.owner.append(`inventory-${sku}`, { type: "StockReserved", data: { sku, orderId: id, quantity: 1 } });

export const waitUntilCompleted = (shop: Shop, id: string) =>
  shop.wait(`the checkout of ${id} to complete`, async () =>
    (await shop.saga(id))?.status === "completed" ? true : undefined,
  );
