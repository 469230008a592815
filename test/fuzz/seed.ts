/** Data for the fuzzer, under the example ids of the document, so that more operations find something. */

const send = async (url: string, path: string, body: object): Promise<void> => {
  const headers = { "content-type": "application/json", "idempotency-key": `seed${path}` };
  const { status } = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (status !== 202) throw new Error(`POST ${path} was answered with ${status}, expected 202`);
};

/** An order that waits for approval, and stock for it. */
export const seed = async (url: string): Promise<void> => {
  await send(url, "/stock/pear/receipts", { quantity: 1_000_000 });
  await send(url, "/orders", {
    orderId: "10248",
    customer: { id: "VINET", name: "Ada Lovelace", email: "ada@example.com" },
    shipTo: { street: "12 St James's Square", city: "London", postalCode: "SW1Y 4JH", country: "UK" },
    paymentMethod: "pm_card_visa",
    lines: [{ sku: "pear", quantity: 1, unitPrice: 600_000 }],
  });
};
