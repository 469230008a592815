/** The shop in one process: its effects and its saga on the in-process bus, in the same way as functions run them. */
import { expect, test } from "vitest";
import type { Mailer } from "../../../lib/ports/mailer.ts";
import { sendConfirmation } from "../../../lib/shop/orders/send-confirmation.ts";
import { shop } from "../../../lib/shop/shop.ts";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { placing } from "../simulation/orders.ts";
import { shopInOneProcess } from "./shop-in-one-process.ts";

const line = { sku: "apple", quantity: 2, unitPrice: 50 };

const placed = async (running: ReturnType<typeof shopInOneProcess>, paymentMethod?: string) => {
  await running.send(receiveStock({ sku: "apple", quantity: 10 }));
  await running.send(placing("1", [line], paymentMethod));
  await running.idle();
};

test("an order is confirmed with one mail and one charge", async () => {
  const running = shopInOneProcess();
  await placed(running);
  expect(await running.row("order-summary", "1")).toMatchObject({ status: "confirmed" });
  expect(await running.row("stock-level", "apple")).toMatchObject({ taken: 2, reserved: 0, available: 8 });
  expect(running.mails()).toHaveLength(1);
  expect(running.held("payment-1")).toBe(100);
});

test("an order that is declined is undone, and no mail is sent", async () => {
  const running = shopInOneProcess();
  await placed(running, "pm_card_chargeDeclined");
  expect(await running.row("order-summary", "1")).toMatchObject({ status: "cancelled" });
  expect(await running.row("stock-level", "apple")).toMatchObject({ reserved: 0, available: 10 });
  expect(running.mails()).toEqual([]);
  expect(running.held("payment-1")).toBe(0);
});

test("a handler that keeps failing has its policy's attempts, then a dead letter, which is redriven", async () => {
  const patient = { ...sendConfirmation, delivery: { attempts: 5 } };
  const effects = shop.effects.map((effect) => (effect.name === patient.name ? patient : effect));
  const sent: string[] = [];
  let attempts = 0;
  let isBroken = true;
  const mailer: Mailer = {
    send: async ({ to }) => {
      attempts += 1;
      if (isBroken) throw new Error("no mail today");
      sent.push(to);
    },
  };
  const running = shopInOneProcess({ mailer }, { ...shop, effects });
  await placed(running);
  expect(attempts).toBe(5);
  expect(await running.row("order-summary", "1")).toMatchObject({ status: "confirmed" });
  const { deadLetters } = running;
  expect(await deadLetters.list()).toMatchObject({
    letters: [
      {
        handler: "send-confirmation",
        streamId: "order-1",
        eventType: "OrderConfirmed",
        because: expect.stringContaining("no mail today"),
      },
    ],
  });

  isBroken = false;
  expect(await deadLetters.redrive("send-confirmation", "order-1")).toMatchObject({ count: 1 });
  await running.idle();
  expect(sent).toEqual(["vinet@example.com"]);
  expect(await deadLetters.list()).toMatchObject({ letters: [] });
});
