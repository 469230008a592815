/**
 * The services that the shop's effects use in a function. Each service reads its settings when it is used, because
 * the function of an effect has only the settings of the services that the effect uses.
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
