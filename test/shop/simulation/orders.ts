/** Short orders for simulations. */
import { placeOrder } from "../../../lib/shop/orders/order.ts";

export const shipTo = { street: "59 rue de l'Abbaye", city: "Reims", postalCode: "51100", country: "France" };

type Line = { readonly sku: string; readonly quantity: number; readonly unitPrice: number };

export const orderOf = (orderId: string, lines: readonly Line[], paymentMethod = "pm_card_visa") => ({
  orderId,
  customer: { id: "VINET", name: "Vins et alcools", email: "vinet@example.com" },
  shipTo,
  paymentMethod,
  lines,
});

export const placing = (...order: Parameters<typeof orderOf>) => placeOrder(orderOf(...order));
