/** What a newcomer pastes first. */
const body = {
  orderId: "1",
  customer: { id: "ada", name: "Ada Lovelace", email: "ada@example.com" },
  shipTo: { street: "12 St James's Square", city: "London", postalCode: "SW1Y 4JH", country: "UK" },
  paymentMethod: "pm_card_visa",
  lines: [{ sku: "pear", quantity: 2, unitPrice: 150 }],
};

/** JSON in single quotes of a shell. */
const quoted = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;

const json = "-H 'content-type: application/json'";

/** Three lines that receive stock, place an order, and look at it. */
export const curls = (url: string): readonly string[] => [
  `curl ${json} -H 'idempotency-key: first-pears' -d '{"quantity":10}' ${url}/stock/pear/receipts`,
  `curl ${json} -d ${quoted(body)} ${url}/orders`,
  `curl ${url}/orders/1`,
];

export const guide = (url: string): string => `
Receive ten pears, order two, and see the order confirmed:

${curls(url).join("\n")}

Also: ${url}/sagas/checkout/1, ${url}/orders/1/events, ${url}/stock,
${url}/_local/mailbox, ${url}/_local/resources, ${url}/_local/calls. Ctrl-C stops everything.

`;
