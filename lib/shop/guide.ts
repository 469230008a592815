import { sending } from "../deploy/guide.ts";

/** The order that a newcomer places. */
const body = {
  orderId: "1",
  customer: { id: "ada", name: "Ada Lovelace", email: "ada@example.com" },
  shipTo: { street: "12 St James's Square", city: "London", postalCode: "SW1Y 4JH", country: "UK" },
  paymentMethod: "pm_card_visa",
  lines: [{ sku: "pear", quantity: 2, unitPrice: 150 }],
};

const post = (key: string, value: unknown, address: string): string =>
  `curl -w '\\n' ${sending(key, value)} ${address}`;

/** Shows the order at once, and again when its checkout has ended. */
const follow = (address: string): string =>
  `curl -sf ${address} && echo; until curl -s ${address} | grep -E 'confirmed|cancelled'; do sleep 1; done`;

/** Three commands that receive stock, place an order, and show that it is confirmed. */
const curls = (url: string): readonly string[] => [
  post("first-pears", { quantity: 10 }, `${url}/stock/pear/receipts`),
  post("first-order", body, `${url}/orders`),
  follow(`${url}/orders/1`),
];

export const guide = (url: string): string => `
Receive ten pears, order two, and see the order confirmed. Paste these lines into another shell:

${curls(url).join("\n")}

In a browser: ${url}/_local/ shows what runs and what needs attention, ${url}/docs is the API.
Also: ${url}/sagas/checkout/1, ${url}/orders/1/events, ${url}/stock,
${url}/_local/resources, ${url}/_local/calls. The e-mails: ${url}/_local/mailbox.html
Ctrl-C stops everything.

`;
