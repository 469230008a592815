/** The shop: the one value that is deployed, run and documented. */
import type { Application } from "../model/application.ts";
import type { Mailer } from "../ports/mailer.ts";
import { answerApproval, cancelOrder, order, placeOrder, returnOrder } from "./orders/order.ts";
import { orderSummary } from "./orders/order-summary.ts";
import { sendConfirmation } from "./orders/send-confirmation.ts";
import { authorizePayment } from "./payments/authorize-payment.ts";
import { payment } from "./payments/payment.ts";
import type { PaymentProvider } from "./payments/payment-provider.ts";
import { releaseAuthorization } from "./payments/release-authorization.ts";
import { checkout } from "./sagas/checkout.ts";
import { restock } from "./sagas/restock.ts";
import { shipment } from "./shipping/shipment.ts";
import { inventory, receiveStock } from "./stock/inventory.ts";
import { stockDeliveries } from "./stock/stock-deliveries.ts";
import { stockLevel } from "./stock/stock-level.ts";

export type ShopServices = { readonly payments: PaymentProvider; readonly mailer: Mailer };

export const shop: Application<ShopServices> = {
  name: "shop",
  version: "0.1.0",
  deciders: [order, inventory, payment, shipment],
  projections: [orderSummary, stockLevel],
  effects: [authorizePayment, releaseAuthorization, sendConfirmation],
  sagas: [checkout, restock],
  translators: [stockDeliveries],
  // No route asks whose order it is, so what shows the orders of everybody is not for customers.
  routes: [
    {
      method: "POST",
      path: "/orders",
      access: "customer",
      command: placeOrder,
      location: "/orders/{orderId}",
    },
    {
      method: "POST",
      path: "/orders/{orderId}/cancellation",
      access: "customer",
      command: cancelOrder,
      location: "/orders/{orderId}",
    },
    {
      method: "POST",
      path: "/orders/{orderId}/approval",
      access: "operator",
      command: answerApproval,
      location: "/orders/{orderId}",
    },
    {
      method: "POST",
      path: "/orders/{orderId}/return",
      access: "customer",
      command: returnOrder,
      location: "/orders/{orderId}",
    },
    { method: "GET", path: "/orders/{orderId}", access: "customer", query: orderSummary, versionOf: order },
    {
      method: "GET",
      path: "/orders",
      access: "operator",
      list: orderSummary,
      indexes: ["byCustomer", "byStatus", "newest"],
    },
    { method: "GET", path: "/orders/{orderId}/events", access: "operator", history: order },
    {
      method: "POST",
      path: "/stock/{sku}/receipts",
      access: "operator",
      command: receiveStock,
      location: "/stock/{sku}",
      key: "required",
    },
    { method: "GET", path: "/stock/{sku}", access: "public", query: stockLevel, versionOf: inventory },
    { method: "GET", path: "/stock", access: "public", list: stockLevel, indexes: ["all"] },
    { method: "GET", path: "/sagas", access: "operator", sagas: "list" },
    { method: "GET", path: "/sagas/{saga}/{id}", access: "operator", sagas: "status" },
    { method: "POST", path: "/sagas/{saga}/{id}/resume", access: "operator", sagas: "resume" },
    { method: "GET", path: "/openapi.json", access: "public", document: "openapi" },
    { method: "GET", path: "/docs", access: "public", document: "page" },
    { method: "GET", path: "/health", access: "public", document: "health" },
  ],
};

export { shop as application };
