/** The shop: the application value that is deployed, run and documented. */
import type { Application } from "../model/application.ts";
import type { Mailer } from "../ports/mailer.ts";
import { answerApproval, cancelOrder, customerOf, order, placeOrder, returnOrder } from "./orders/order.ts";
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

const access = ["public", "customer", "operator"] as const;

export const shop: Application<ShopServices, typeof access> = {
  name: "shop",
  version: "0.1.0",
  deciders: [order, inventory, payment, shipment],
  projections: [orderSummary, stockLevel],
  effects: [authorizePayment, releaseAuthorization, sendConfirmation],
  sagas: [checkout, restock],
  translators: [stockDeliveries],
  access,
  routes: [
    {
      method: "POST",
      path: "/orders",
      summary: "Place an order",
      access: "customer",
      owner: { field: "customer.id", exempt: ["operator"] },
      command: placeOrder,
      location: "/orders/{orderId}",
    },
    {
      method: "POST",
      path: "/orders/{orderId}/cancellation",
      summary: "Cancel an order",
      access: "customer",
      owner: { fact: customerOf, exempt: ["operator"] },
      command: cancelOrder,
      location: "/orders/{orderId}",
    },
    {
      method: "POST",
      path: "/orders/{orderId}/approval",
      summary: "Approve or refuse an order that waits for a decision",
      access: "operator",
      owner: "none",
      command: answerApproval,
      location: "/orders/{orderId}",
    },
    {
      method: "POST",
      path: "/orders/{orderId}/return",
      summary: "Return a confirmed order",
      access: "customer",
      owner: { fact: customerOf, exempt: ["operator"] },
      command: returnOrder,
      location: "/orders/{orderId}",
    },
    {
      method: "GET",
      path: "/orders/{orderId}",
      summary: "Show an order",
      access: "customer",
      owner: { field: "customerId", exempt: ["operator"] },
      query: orderSummary,
      versionOf: order,
    },
    {
      method: "GET",
      path: "/orders",
      summary: "List orders, the newest first, or by customer or status",
      access: "customer",
      owner: { field: "customerId", exempt: ["operator"] },
      list: orderSummary,
      indexes: ["byCustomer", "byStatus", "newest"],
    },
    {
      method: "GET",
      path: "/orders/{orderId}/events",
      summary: "Show everything that happened to an order",
      access: "operator",
      owner: "none",
      history: order,
    },
    {
      method: "POST",
      path: "/stock/{sku}/receipts",
      summary: "Receive stock of a product",
      access: "operator",
      owner: "none",
      command: receiveStock,
      location: "/stock/{sku}",
      key: "required",
    },
    {
      method: "GET",
      path: "/stock/{sku}",
      summary: "Show the stock of a product",
      access: "public",
      owner: "none",
      query: stockLevel,
      versionOf: inventory,
    },
    {
      method: "GET",
      path: "/stock",
      summary: "List the stock of all products",
      access: "public",
      owner: "none",
      list: stockLevel,
      indexes: ["all"],
    },
    {
      method: "GET",
      path: "/sagas",
      summary: "List sagas by their status",
      access: "operator",
      owner: "none",
      sagas: "list",
    },
    {
      method: "GET",
      path: "/sagas/{saga}/{id}",
      summary: "Show where one saga is, and why",
      access: "operator",
      owner: "none",
      sagas: "status",
    },
    {
      method: "POST",
      path: "/sagas/{saga}/{id}/resume",
      summary: "Retry or skip the step of a parked saga",
      access: "operator",
      owner: "none",
      sagas: "resume",
    },
    {
      method: "GET",
      path: "/openapi.json",
      summary: "Read this API as an OpenAPI document",
      access: "public",
      document: "openapi",
    },
    { method: "GET", path: "/docs", summary: "Read this API as a page", access: "public", document: "page" },
    {
      method: "GET",
      path: "/health",
      summary: "Check that the API can read its data",
      access: "public",
      document: "health",
    },
  ],
};

export { shop as application };
