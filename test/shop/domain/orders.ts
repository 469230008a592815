/** An order as a client sends it, and the orders of the Northwind database. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const orderId = "10248";

export const placeable = {
  orderId,
  customer: { id: "VINET", name: "Vins et alcools Chevalier", email: "vinet@example.com" },
  shipTo: { street: "59 rue de l'Abbaye", city: "Reims", postalCode: "51100", country: "France" },
  paymentMethod: "pm_card_visa",
  lines: [
    { sku: "nw-11", quantity: 12, unitPrice: 1400 },
    { sku: "nw-42", quantity: 10, unitPrice: 980 },
  ],
};

export const total = 26600;

/** The lines of an input file. */
export const northwind = (name: "orders" | "stock"): readonly unknown[] =>
  readFileSync(join(import.meta.dirname, `../../data/northwind-${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
