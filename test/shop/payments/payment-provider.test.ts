import { expect, test } from "vitest";
import { memoryPaymentProvider } from "../../../lib/shop/payments/memory-payment-provider.ts";
import { paymentProviderContract } from "./payment-provider.ts";

paymentProviderContract("in memory", memoryPaymentProvider);

test("the in-memory payment provider holds an authorized amount until it is released", async () => {
  const provider = memoryPaymentProvider();
  const request = { key: "one", amount: 26600, paymentMethod: "pm_card_visa" };
  await provider.authorize(request);
  await provider.authorize(request);
  expect(provider.held("one")).toBe(26600);
  await provider.release({ authorizedBy: "one" });
  await provider.authorize(request);
  expect(provider.held("one")).toBe(0);
});
