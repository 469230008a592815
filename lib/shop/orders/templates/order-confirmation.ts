/**
 * The e-mail about a confirmed order, for people who write and design it. The text between the backticks is plain
 * text or HTML. `{{name}}` is replaced by a value, which is escaped in HTML. The values come from
 * `send-confirmation.ts`, and the type checker reports an unknown placeholder.
 *
 * The template is TypeScript because Node with tsx, vitest and esbuild all load it. HTML and text files would need
 * a loader in each of the three, and a wrong placeholder would only be found when an e-mail is sent.
 */
export const orderConfirmation = {
  subject: `Your order {{orderId}}`,

  text: `Dear {{name}},

your order {{orderId}} is confirmed and on its way. We charge {{total}}.`,

  html: `<p>Dear {{name}},</p><p>your order {{orderId}} is confirmed and on its way. We charge {{total}}.</p>`,
} as const;
