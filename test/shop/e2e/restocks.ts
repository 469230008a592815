/** Restocks that do not complete at once: parked, lost, late, and left by a state machine. */
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

/** Completes a restock, then removes what followed its start from its item, as if no function had stored it. */
const cutBack = async (shop: Shop, id: string, sku: string) => {
  await restock(shop, id, sku);
  const item = await shop.owner.get("instances", `restock/${id}`);
  const [start] = item?.notes?.L ?? [];
  if (!item || !start) throw new Error(`the restock of ${id} has no history`);
  const { metadata } = JSON.parse(start.S ?? "{}");
  const cut = { ...item, notes: { L: [start] }, seen: { SS: [metadata.id] } };
  return { ...cut, stands: { S: "open" }, standsAt: { S: metadata.recordedAt } };
};

/** No message is left that continues the restock, so an inspection has to. */
export const loseRestock = async (shop: Shop, id: string, sku: string) => {
  await shop.owner.put("instances", await cutBack(shop, id, sku));
  // An inspection judges by its scheduled time, so one jump over several inspections is not enough.
  await shop.wait(`the restock of ${id} to be completed`, async () => {
    if ((await restockOf(shop, id)).status === "completed") return true;
    await shop.advance(300);
    return undefined;
  });
};

/** Its execution on a state machine was aborted before the saga became a choreography. */
export const abortedRestock = async (shop: Shop, id: string, sku: string) => {
  const mark = { code: "execution-aborted", because: "its execution ended", at: new Date().toISOString() };
  const item = await cutBack(shop, id, sku);
  await shop.owner.put("instances", {
    ...item,
    stands: { S: "parked" },
    parked: { S: JSON.stringify(mark) },
  });
  await waitForRestock(shop, id, "parked");
};

/** Makes the payment's stream unreadable until the deadline of its step has come. */
export const lateRestock = async (shop: Shop, id: string, sku: string) => {
  await confirmed(shop, id, sku);
  const [first] = await shop.owner.stream(`payment-${id}`);
  if (!first) throw new Error(`the payment of ${id} has no events`);
  await shop.owner.put("events", { ...first, ev: { S: "not JSON" } });
  await giveBack(shop, id);
  const sent = async (role: string, action: string) =>
    (await shop.permissions()).used.some((each) => each.role.includes(role) && each.action === action);
  await shop.wait("its deadline to be set", async () =>
    (await sent("RestockChoreograph", "scheduler:CreateSchedule")) ? true : undefined,
  );
  await shop.wait("its deadline to come", async () => {
    if (await sent("RestockChoreographDeadlines", "sqs:SendMessage")) return true;
    await shop.advance(10);
    return undefined;
  });
  await shop.owner.put("events", first);
  await shop.wait(`the restock of ${id} to end`, async () => {
    if (["completed", "compensated"].includes((await restockOf(shop, id)).status ?? "")) return true;
    await shop.advance(10);
    return undefined;
  });
};
