import { expect, test } from "vitest";
import type { Application } from "../../../../lib/model/application.ts";
import { receipts } from "../../../../lib/model/message.ts";
import { type AnySaga, fromOutside } from "../../../../lib/model/saga.ts";
import { validate } from "../../../../lib/model/validation/validate.ts";
import { order, orderPlaced } from "../../../../lib/shop/orders/order.ts";
import { sendConfirmation } from "../../../../lib/shop/orders/send-confirmation.ts";
import { paymentDeclined } from "../../../../lib/shop/payments/payment.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { type ShopServices, shop } from "../../../../lib/shop/shop.ts";
import { inventory, receiveStock } from "../../../../lib/shop/stock/inventory.ts";
import { stockDeliveries } from "../../../../lib/shop/stock/stock-deliveries.ts";
import { stockLevel } from "../../../../lib/shop/stock/stock-level.ts";
import { lending, library } from "../../../model/lending.ts";

test("the shop has no problems", () => expect(validate(shop)).toEqual([]));

test("the library has no problems", () => expect(validate(library)).toEqual([]));

const [reserve, , pay, ship, confirm] = checkout.steps;
if (!reserve || !pay || !ship || !confirm) throw new Error("checkout has four steps");

const withSteps = (...steps: typeof checkout.steps): Partial<Application<ShopServices>> => ({
  sagas: [{ ...checkout, steps }],
});
const named = (saga: AnySaga, name: string): AnySaga => ({ ...saga, name });

const wrong: readonly (readonly [
  what: string,
  change: Partial<Application<ShopServices>>,
  ...problems: string[],
])[] = [
  [
    "two deciders of one name",
    { deciders: [...shop.deciders, { ...order, events: {} }] },
    "there are two deciders named order",
  ],
  [
    "two deciders that record one event",
    { deciders: [...shop.deciders, { ...order, name: "other" }] },
    ...Object.keys(order.events).map((type) => `there are two events named ${type}`),
  ],
  [
    "a dash in a category",
    { deciders: [...shop.deciders, { ...order, name: "old-order", events: {} }] },
    'decider old-order: expected 1 to 64 characters: letters, digits and _, a letter first; got "old-order"',
  ],
  [
    "an event with the name of a receipt",
    {
      deciders: [
        ...shop.deciders,
        { ...order, name: "other", events: { CommandIgnored: receipts.CommandIgnored } },
      ],
    },
    "decider other: CommandIgnored is the name of a receipt",
  ],
  [
    "two projections of one name",
    { projections: [...shop.projections, stockLevel] },
    "there are two projections named stock-level",
  ],
  [
    "a projection of a decider that is not there",
    { projections: [...shop.projections, { ...stockLevel, name: "other", sources: [{ ...inventory }] }] },
    "projection other: decider inventory is not in the application",
  ],
  [
    "a projection that waits for an event which nobody records",
    { projections: [...shop.projections, { ...stockLevel, name: "other", sources: [order] }] },
    ...Object.keys(stockLevel.on).map((type) => `projection other: none of its sources records ${type}`),
  ],
  [
    "an index over a field that rows do not have",
    {
      projections: [
        ...shop.projections,
        { ...stockLevel, name: "other", indexes: { newest: { newestFirst: "at" } } },
      ],
    },
    "projection other: index newest needs a field at",
  ],
  [
    "an effect of one name with a saga",
    { sagas: [checkout, named(checkout, "send-confirmation")] },
    "there are two effects, sagas and translators named send-confirmation",
  ],
  [
    "a saga called http, as the ids of requests are",
    { sagas: [named(checkout, "http")] },
    "saga http: http is reserved, ids of commands that came over HTTP begin with it; choose another name",
  ],
  [
    "an effect whose name does not fit into an id",
    { effects: [...shop.effects, { ...sendConfirmation, name: "Send mail" }] },
    'effect Send mail: expected 1 to 64 characters: a-z, 0-9 and dashes, a letter first; got "Send mail"',
  ],
  [
    "effects of a decider that is not there",
    { effects: [sendConfirmation], deciders: [inventory], projections: [], sagas: [], routes: [] },
    "effect send-confirmation: event OrderConfirmed of order is not in the application",
  ],
  [
    "an effect whose delivery AWS would not take, or that gives up at once",
    {
      effects: [
        { ...sendConfirmation, delivery: { timeoutSeconds: 901, concurrency: 1, attempts: 4 } },
        { ...sendConfirmation, name: "other", delivery: { timeoutSeconds: 0.5 } },
        { ...sendConfirmation, name: "fine", delivery: { timeoutSeconds: 1, concurrency: 2, attempts: 5 } },
      ],
    },
    "effect send-confirmation: timeoutSeconds is a whole number from 1 to 900, not 901",
    "effect send-confirmation: concurrency is a whole number from 2 to 1000, not 1",
    "effect send-confirmation: attempts is a whole number from 5 to 1000, not 4",
    "effect other: timeoutSeconds is a whole number from 1 to 900, not 0.5",
  ],
  [
    "a saga of a decider that is not there",
    { sagas: [lending] },
    "saga lending: event Applied of loan is not in the application",
    "saga lending: command HoldBook of loan is not in the application",
    "saga lending: command FreeBook of loan is not in the application",
    "saga lending: command AskLibrarian of loan is not in the application",
    "saga lending: command HandOver of loan is not in the application",
    "saga lending: command Close of loan is not in the application",
    "saga lending: command Decline of loan is not in the application",
    "saga lending, step hold: event BookHeld of loan is not in the application",
    "saga lending, step approval: event Approved of loan is not in the application",
    "saga lending, step approval: event Refused of loan is not in the application",
    "saga lending, step hand-over: event HandedOver of loan is not in the application",
    "saga lending, step hand-over: event Lost of loan is not in the application",
  ],
  [
    "two steps of one name",
    withSteps(reserve, reserve),
    "there are two steps of saga checkout named reserve-stock",
  ],
  [
    "two pivots",
    withSteps(reserve, { ...ship, undo: undefined, pivot: true }, confirm),
    "saga checkout: one pivot at most, not arrange-shipment, confirm-order",
  ],
  [
    "a pivot with a condition",
    withSteps(reserve, { ...confirm, onlyIf: () => true }),
    "saga checkout, step confirm-order: the pivot is in every instance, it has no condition",
  ],
  [
    "an undo after the pivot",
    withSteps(confirm, ship),
    "saga checkout, step arrange-shipment: its undo never runs, it comes after the pivot",
  ],
  [
    "a step called as the completion is",
    withSteps({ ...reserve, name: "complete" }),
    "saga checkout, step complete: complete is reserved, a task that is not a step has it; choose another name",
  ],
  [
    "a step that no event makes succeed",
    withSteps({ ...reserve, succeeds: [] }),
    "saga checkout, step reserve-stock: nobody can finish it, no event makes it succeed",
  ],
  [
    "an outcome of another stream than the command's",
    withSteps({ ...pay, fails: [orderPlaced] }),
    "saga checkout, step authorize-payment: OrderPlaced of order cannot decide RequestPayment",
  ],
  [
    "an outcome that means success and failure",
    withSteps({ ...pay, fails: pay.succeeds }),
    "saga checkout, step authorize-payment: PaymentAuthorized both succeeds and fails",
  ],
  [
    "a step that is over while its task may still run",
    withSteps({ ...pay, timeoutSeconds: 30 }),
    "saga checkout, step authorize-payment: a timeout is a whole number of seconds from 60 to 99999999, not 30",
  ],
  [
    "a step that does not wait, although it hears from outside",
    withSteps({ ...pay, waits: false, fails: [fromOutside(paymentDeclined, ({ data }) => data.orderId)] }),
    "saga checkout, step authorize-payment: it does not wait, but PaymentDeclined comes from outside",
  ],
  [
    "a translator of one name with an effect, whose commands would have one id",
    { translators: [{ ...stockDeliveries, name: "send-confirmation" }] },
    "there are two effects, sagas and translators named send-confirmation",
  ],
  [
    "a translator into a command that is not there",
    {
      translators: [
        {
          ...stockDeliveries,
          send: { ...stockDeliveries.send, command: { ...receiveStock, type: "TakeIn" } },
        },
      ],
    },
    "translator stock-deliveries: command TakeIn of inventory is not in the application",
  ],
  [
    "a translator that hears nobody else",
    { translators: [{ ...stockDeliveries, source: "shop" }] },
    "translator stock-deliveries: what shop tells itself are no foreign events",
  ],
  [
    "a translator of what no topic is called",
    { translators: [{ ...stockDeliveries, source: "the warehouse", channel: "" }] },
    'translator stock-deliveries, source: expected 1 to 64 characters: letters, digits, dots, dashes and _, a letter first; got "the warehouse"',
    'translator stock-deliveries, channel: expected 1 to 64 characters: letters, digits, dashes and _, a letter first; got ""',
  ],
  [
    "a translator that is tried too seldom",
    { translators: [{ ...stockDeliveries, delivery: { attempts: 1 } }] },
    "translator stock-deliveries: attempts is a whole number from 5 to 1000, not 1",
  ],
];

test.each(wrong.map(([what, change, ...problems]) => ({ what, change, problems })))(
  "$what is told in words",
  ({ change, problems }) => expect(validate({ ...shop, ...change })).toEqual(problems),
);
