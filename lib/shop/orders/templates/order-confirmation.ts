/**
 * The mail that tells a customer of a confirmed order, for whoever words and designs it. Between the backticks is
 * plain text or HTML; `{{name}}` becomes a value, in HTML an escaped one. The values are those that
 * `send-confirmation.ts` gives, and the type checker names a placeholder that is none of them.
 *
 * It is TypeScript because that is what Node with tsx, vitest and esbuild load alike. Files of HTML and text would
 * need a loader in each of the three, and their placeholders would be known only when a mail is sent.
 */
export const orderConfirmation = {
  subject: `Your order {{orderId}}`,

  text: `Dear {{name}},

your order {{orderId}} is confirmed and on its way. We charge {{total}}.`,

  html: `<p>Dear {{name}},</p><p>your order {{orderId}} is confirmed and on its way. We charge {{total}}.</p>`,
} as const;
