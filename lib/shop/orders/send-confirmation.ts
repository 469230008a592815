/** Sends the customer an e-mail when the order is confirmed. */
import type { Effect } from "../../model/effect.ts";
import type { Mailer } from "../../ports/mailer.ts";
import { orderConfirmed } from "./order.ts";
import { fillHtml, fillText } from "./templates/fill.ts";
import { orderConfirmation } from "./templates/order-confirmation.ts";

/**
 * The amount with two decimals: `1234.56` for 123456. Exact for every safe integer; to divide the whole amount
 * would not be.
 */
const decimal = (amount: number): string => {
  const cents = amount % 100;
  return `${(amount - cents) / 100}.${`${cents}`.padStart(2, "0")}`;
};

export const sendConfirmation: Effect<typeof orderConfirmed, { readonly mailer: Mailer }> = {
  name: "send-confirmation",
  on: orderConfirmed,
  answers: [],
  uses: { mailer: true },
  // Only a few at a time, because an e-mail provider limits how many an account may send per second.
  delivery: { concurrency: 5 },
  perform: async ({ data: { orderId, customer, total } }, { idempotencyKey, services }) => {
    const values = { orderId, name: customer.name, total: decimal(total) };
    await services.mailer.send({
      key: idempotencyKey,
      to: customer.email,
      subject: fillText(orderConfirmation.subject, values),
      text: fillText(orderConfirmation.text, values),
      html: fillHtml(orderConfirmation.html, values),
    });
    return undefined;
  },
};
