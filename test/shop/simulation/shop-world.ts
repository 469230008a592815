/** The shop with a mailer, and with a payment provider that may stay silent. */
import { memoryMailer } from "../../../lib/adapters/memory/mailer.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import { orderSummary } from "../../../lib/shop/orders/order-summary.ts";
import { memoryPaymentProvider } from "../../../lib/shop/payments/memory-payment-provider.ts";
import type { PaymentProvider } from "../../../lib/shop/payments/payment-provider.ts";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { type ShopServices, shop } from "../../../lib/shop/shop.ts";
import { stockLevel } from "../../../lib/shop/stock/stock-level.ts";
import type { Between } from "../../simulation/between.ts";
import type { Delivery } from "../../simulation/delivery.ts";
import type { MakeEngine } from "../../simulation/engines.ts";
import { world } from "../../simulation/world.ts";

export type ShopOptions = {
  /** The provider does not answer until `settle`. */
  readonly silent?: boolean;
  readonly application?: AnyApplication<ShopServices>;
  readonly between?: Partial<Between>;
  readonly mailer?: ReturnType<typeof memoryMailer>;
};

/** An approval may take three days. If the clock jumps and processes die, the steps after it need more than one day. */
const days = 6 * 86_400;

export const shopWorld = (
  makeEngine: MakeEngine,
  delivery: Delivery,
  { silent = false, application = shop, between, mailer = memoryMailer() }: ShopOptions = {},
) => {
  const provider = memoryPaymentProvider();
  let isReachable = !silent;
  const payments: PaymentProvider = {
    ...provider,
    authorize: async (request) => {
      if (!isReachable) throw new Error("no answer");
      return provider.authorize(request);
    },
  };
  const base = world(application, { payments, mailer }, makeEngine, delivery, between);
  const saga = application.sagas.find(({ name }) => name === checkout.name) ?? checkout;
  const statusOfCheckout = (orderId: string) => base.statusOf(saga, orderId);

  /**
   * Lets time pass until the world is at rest: all waits end, the silent provider answers, and parked sagas are
   * retried.
   */
  const settle = async (...orderIds: readonly string[]) => {
    await base.pass(3600);
    isReachable = true;
    await base.pass(days);
    for (const orderId of orderIds)
      while ((await statusOfCheckout(orderId))?.kind === "parked") {
        await base.operate({ action: "resume", sagaId: `checkout/${orderId}`, how: "retry" });
        await base.pass(days);
      }
  };

  const summary = async (orderId: string) =>
    orderSummary.row.optional().parse((await base.readModels.find(orderSummary.name, orderId))?.row);
  const stock = async (sku: string) =>
    stockLevel.row.optional().parse((await base.readModels.find(stockLevel.name, sku))?.row);
  const held = (orderId: string) => provider.held(`payment-${orderId}`);
  return { ...base, settle, summary, stock, held, mails: mailer.sent, statusOfCheckout };
};
