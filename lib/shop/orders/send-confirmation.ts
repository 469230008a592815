/** Tells the customer that the order is confirmed. */
import type { Effect } from "../../model/effect.ts";
import type { Mailer } from "../../ports/mailer.ts";
import { orderConfirmed } from "./order.ts";
import { fillHtml, fillText } from "./templates/fill.ts";
import { orderConfirmation } from "./templates/order-confirmation.ts";

/** 123456 is 1234.56; exact for every safe integer, as dividing all of it would not be. */
const decimal = (amount: number): string => {
  const cents = amount % 100;
  return `${(amount - cents) / 100}.${`${cents}`.padStart(2, "0")}`;
};

export const sendConfirmation: Effect<typeof orderConfirmed, { readonly mailer: Mailer }> = {
  name: "send-confirmation",
  on: orderConfirmed,
  answers: [],
  uses: { mailer: true },
  // Few at once: a mail provider limits how many an account may send in a second.
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
