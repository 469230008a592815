/** Restocks that do not complete: one that an operator must resolve, and one whose execution is lost. */
import { orderOf } from "./client.ts";
import type { Shop } from "./shop.ts";

type View = { readonly status?: string; readonly reason?: string };

export const restockOf = async (shop: Shop, id: string): Promise<View> =>
  (await shop.get<View>(`/sagas/restock/${id}`)).body;

export const waitForRestock = (shop: Shop, id: string, status: string) =>
  shop.wait(`the restock of ${id} to be ${status}`, async () => {
    const view = await restockOf(shop, id);
    return view.status === status ? view : undefined;
  });

const giveBack = (shop: Shop, id: string) => shop.post(`/orders/${id}/return`, { reason: "too sweet" });

const confirmed = async (shop: Shop, id: string, sku: string) => {
  await shop.receive(sku, 2);
  await shop.place(orderOf(id, [{ sku, quantity: 2, unitPrice: 10 }]));
  await shop.waitForStock(sku, { taken: 2, reserved: 0 });
};

export const restock = async (shop: Shop, id: string, sku: string) => {
  await confirmed(shop, id, sku);
  await giveBack(shop, id);
  await waitForRestock(shop, id, "completed");
};

const wholeStock = { orderId: "nobody", quantity: Number.MAX_SAFE_INTEGER };

/** Fills the stock counter by hand, so that no more stock can come back. */
export const parkRestock = async (shop: Shop, id: string, sku: string) => {
  await confirmed(shop, id, sku);
  await shop.owner.append(`inventory-${sku}`, { type: "StockReleased", data: { sku, ...wholeStock } });
  await giveBack(shop, id);
  return waitForRestock(shop, id, "parked");
};

/** Removes that stock by hand, so that a retry succeeds. */
export const countable = (shop: Shop, sku: string) =>
  shop.owner.append(`inventory-${sku}`, { type: "StockReserved", data: { sku, ...wholeStock } });

/** Makes the payment's stream unreadable until the execution has failed. Then an inspection finds the saga. */
export const loseRestock = async (shop: Shop, id: string, sku: string) => {
  await confirmed(shop, id, sku);
  const [first] = await shop.owner.stream(`payment-${id}`);
  if (!first) throw new Error(`the payment of ${id} has no events`);
  await shop.owner.put("events", { ...first, ev: { S: "not JSON" } });
  await giveBack(shop, id);
  await shop.wait("its execution to fail", async () => {
    if (shop.reports.some(({ message }) => message.includes(`:${id}:`) && message.includes(" FAILED")))
      return true;
    await shop.advance(10);
    return undefined;
  });
  await shop.owner.put("events", first);
  // An inspection judges by its scheduled time, so one jump over several inspections is not enough.
  await shop.wait(`the restock of ${id} to be completed`, async () => {
    if ((await restockOf(shop, id)).status === "completed") return true;
    await shop.advance(300);
    return undefined;
  });
};
