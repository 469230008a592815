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

/** Minor units as people read them: 123456 is 1234.56. */
const money = (amount: number): string => `${Math.floor(amount / 100)}.${`${amount % 100}`.padStart(2, "0")}`;

export const sendConfirmation: Effect<typeof orderConfirmed, { readonly mailer: Mailer }> = {
  name: "send-confirmation",
  on: orderConfirmed,
  answers: [],
  perform: async ({ data: { orderId, customer, total } }, { idempotencyKey, services }) => {
    const thanks = `Thank you, ${customer.name}!`;
    const facts = `Your order ${orderId} is confirmed and on its way. We charge ${money(total)}.`;
    await services.mailer.send({
      key: idempotencyKey,
      to: customer.email,
      subject: `Your order ${orderId}`,
      text: `${thanks}\n\n${facts}\n`,
      html: `<p>${escaped(thanks)}</p><p>${escaped(facts)}</p>`,
    });
    return undefined;
  },
};
