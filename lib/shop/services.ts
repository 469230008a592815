/**
 * What the effects of the shop perform with, in a function. Each service reads its own settings when it is used: the
 * function of an effect has the settings of the services that the effect uses, and no others.
 */
import { mailer } from "#mailer";
import { dynamoClient } from "../adapters/dynamodb/client.ts";
import { system } from "../adapters/system/system.ts";
import { sandboxPaymentProvider } from "./payments/sandbox/payment-provider.ts";
import { paymentsTable } from "./payments/sandbox/settings.ts";
import type { ShopServices } from "./shop.ts";

export const services: ShopServices = {
  payments: sandboxPaymentProvider(dynamoClient(), paymentsTable, system.sleep),
  mailer: mailer(),
};
