/** Tells the customer that the order is confirmed. */
import type { Effect } from "../model/effect.ts";
import type { Mailer } from "../ports/mailer.ts";
import { orderConfirmed } from "./order.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** 123456 is 1234.56; exact for every safe integer, as dividing all of it would not be. */
const decimal = (amount: number): string => {
  const cents = amount % 100;
  return `${(amount - cents) / 100}.${`${cents}`.padStart(2, "0")}`;
};

export const sendConfirmation: Effect<typeof orderConfirmed, { readonly mailer: Mailer }> = {
  name: "send-confirmation",
  on: orderConfirmed,
  answers: [],
  perform: async ({ data: { orderId, customer, total } }, { idempotencyKey, services }) => {
    const paragraphs = [
      `Dear ${customer.name},`,
      `your order ${orderId} is confirmed and on its way. We charge ${decimal(total)}.`,
    ];
    await services.mailer.send({
      key: idempotencyKey,
      to: customer.email,
      subject: `Your order ${orderId}`,
      text: paragraphs.join("\n\n"),
      html: paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join(""),
    });
    return undefined;
  },
};
