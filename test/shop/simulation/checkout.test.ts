/** The checkout of an order, whatever goes wrong in the business, in the processes and between them. */
import { describe, expect, test } from "vitest";
import type { Command } from "../../../lib/model/message.ts";
import { cancelOrder } from "../../../lib/shop/orders/order.ts";
import { requestPayment, voidPayment } from "../../../lib/shop/payments/payment.ts";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { arrangeShipment, cancelShipment } from "../../../lib/shop/shipping/shipment.ts";
import { shop as shopAsItIs } from "../../../lib/shop/shop.ts";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { problemsOf } from "../../simulation/checkers.ts";
import { type Delivery, deliveries, told } from "../../simulation/delivery.ts";
import { engines, type MakeEngine } from "../../simulation/engines.ts";
import { placing, shipTo } from "./orders.ts";
import { shopWorld } from "./shop-world.ts";

const orderId = "10248";
const paymentMethod = "pm_card_visa";
const parcels = [{ sku: "apple", quantity: 2 }];
const lines = [
  { sku: "apple", quantity: 2, unitPrice: 50 },
  { sku: "pear", quantity: 1, unitPrice: 70 },
];

type Case = {
  readonly name: string;
  readonly pears?: number;
  readonly silent?: boolean;
  readonly paymentMethod?: string;
  readonly before?: readonly Command[];
  readonly meanwhile?: readonly Command[];
  /** The reason for which the order is cancelled. Without it, the order is confirmed. */
  readonly reason?: string;
};

const cases: readonly Case[] = [
  { name: "nothing goes wrong" },
  { name: "the provider fails twice before it answers", paymentMethod: "pm_card_flaky" },
  {
    name: "the payment is declined",
    paymentMethod: "pm_card_chargeDeclined",
    reason: "payment-declined",
  },
  { name: "the second line is out of stock", pears: 0, reason: "unknown-sku" },
  { name: "the provider answers too late", silent: true, reason: "authorize-payment-timed-out" },
  {
    name: "the payment request is rejected",
    before: [requestPayment({ orderId, amount: 1, paymentMethod }), voidPayment({ orderId })],
    reason: "payment-voided",
  },
  {
    name: "the shipment is rejected",
    before: [arrangeShipment({ orderId, shipTo, parcels, authorization: "A" }), cancelShipment({ orderId })],
    reason: "shipment-cancelled",
  },
  {
    name: "the customer cancels during the checkout",
    meanwhile: [cancelOrder({ orderId, reason: "rain" })],
    reason: "rain",
  },
];

/** Longer timeouts, because faults may last longer than a minute: each fault costs one delivery of the message. */
const patientCheckout = {
  ...checkout,
  steps: checkout.steps.map((step) => ({ ...step, timeoutSeconds: Math.max(step.timeoutSeconds, 900) })),
};
const patientShop: typeof shopAsItIs = {
  ...shopAsItIs,
  sagas: shopAsItIs.sagas.map((saga) => (saga.name === checkout.name ? patientCheckout : saga)),
};

/** Returns the reasons of all cancellations. */
const play = async (makeEngine: MakeEngine, row: Case, delivery: Delivery, application = shopAsItIs) => {
  const pears = row.pears ?? 5;
  const shop = shopWorld(makeEngine, delivery, { silent: row.silent, application });
  await shop.request(receiveStock({ sku: "apple", quantity: 5 }));
  if (pears > 0) await shop.request(receiveStock({ sku: "pear", quantity: pears }));
  for (const command of row.before ?? []) expect((await shop.request(command)).kind).toBe("accepted");
  await shop.pass(60);
  await shop.request(placing(orderId, lines, row.paymentMethod));
  for (const command of row.meanwhile ?? []) await shop.request(command);
  await shop.settle(orderId);

  const instance = (await shop.instances()).find(({ id }) => id === `checkout/${orderId}`);
  // A redelivered row finds the events of several streams at once.
  const history = (instance?.history ?? []).toSorted((one, other) =>
    one.metadata.recordedAt.localeCompare(other.metadata.recordedAt),
  );
  const undone = history.flatMap(({ metadata }) => metadata.commandId.match(/\/undo-([a-z-]+)\//)?.[1] ?? []);
  const place = (step: string) => -checkout.steps.findIndex(({ name }) => name === step);
  expect(undone).toEqual(undone.toSorted((one, other) => place(one) - place(other)));

  const summary = await shop.summary(orderId);
  const end = await shop.statusOfCheckout(orderId);
  const left = {
    apples: await shop.stock("apple"),
    pears: (await shop.stock("pear"))?.available ?? 0,
    held: shop.held(orderId),
    mails: shop.mails().length,
  };
  if (summary?.status === "confirmed") {
    expect(end?.kind).toBe("completed");
    expect(summary).toMatchObject({ shipment: "arranged", total: 170 });
    const apples = { received: 5, reserved: 0, taken: 2, available: 3 };
    expect(left).toMatchObject({ apples, pears: pears - 1, held: 170, mails: 1 });
  } else {
    expect([summary?.status, end?.kind]).toEqual(["cancelled", "compensated"]);
    expect(summary?.shipment).not.toBe("arranged");
    const apples = { received: 5, reserved: 0, taken: 0, available: 5 };
    expect(left).toMatchObject({ apples, pears, held: 0, mails: 0 });
  }
  expect(await problemsOf(shop)).toEqual([]);
  const cancellations = (await shop.events(`order-${orderId}`)).filter(
    ({ type }) => type === "OrderCancelled",
  );
  return cancellations.map(({ data }) => data.reason);
};

const names = [...new Set(deliveries.map(({ name }) => name))];
const variantsOf = (name: string) => deliveries.filter((delivery) => delivery.name === name);

const isTroubled = (name: string) => variantsOf(name).some(({ mishap }) => mishap);

describe.each(engines)("%s", (_, makeEngine) => {
  describe.each(names)("each message %s", (name) => {
    // Without crashes, faults and clock jumps, this is a scenario of the conformance suite.
    test.each(isTroubled(name) ? cases : [])("$name", async (row) => {
      for (const delivery of variantsOf(name))
        await told(delivery, async () => {
          const reasons = row.reason === undefined ? [] : [row.reason];
          expect(await play(makeEngine, row, delivery, patientShop)).toEqual(reasons);
        });
    });

    test.each(cases)("$name, and the clock jumps", async (row) => {
      for (const variant of variantsOf(name)) {
        const delivery: Delivery = { ...variant, clockJumps: true };
        await told(delivery, () => play(makeEngine, row, delivery));
      }
    });
  });
});
