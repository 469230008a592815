/** The shop in this process, in memory. */
import { memoryMailer } from "../../../lib/adapters/memory/mailer.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import { memoryPaymentProvider } from "../../../lib/shop/payments/memory-payment-provider.ts";
import { type ShopServices, shop } from "../../../lib/shop/shop.ts";
import { inOneProcess } from "../../../lib/testing/in-one-process.ts";

export const shopInOneProcess = (
  overrides: Partial<ShopServices> = {},
  application: AnyApplication<ShopServices> = shop,
) => {
  const [mailer, payments] = [memoryMailer(), memoryPaymentProvider()];
  const running = inOneProcess(application, { mailer, payments, ...overrides });
  return { ...running, mails: mailer.sent, held: payments.held };
};
