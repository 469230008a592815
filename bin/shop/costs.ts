/** `npm run costs`: the AWS costs of a million orders, by engine and by bus. */
import { prices } from "../../lib/shop/costs/prices.ts";
import { costsTable } from "../../lib/shop/costs/table.ts";

const priced = Object.values(prices).map(
  ({ dollars, per, unit, ...price }) =>
    `  $${dollars} per ${per.toLocaleString("en")} ${unit} (${price.source}, ${"checked" in price ? price.checked : "not checked"})`,
);

process.stdout.write(`${costsTable()}\n\nPrices, us-east-1:\n${priced.join("\n")}\n`);
