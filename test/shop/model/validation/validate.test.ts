import { expect, test } from "vitest";
import type { AnyApplication } from "../../../../lib/model/application.ts";
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
import { approvedLending } from "../../../library/fixtures/approved-loans.ts";
import { application as library } from "../../../library/lib/application.ts";

test("the shop has no problems", () => expect(validate(shop)).toEqual([]));

test("the library has no problems", () => expect(validate(library)).toEqual([]));

const [reserve, , pay, ship, confirm] = checkout.steps;
if (!reserve || !pay || !ship || !confirm) throw new Error("checkout has four steps");

const withSteps = (...steps: typeof checkout.steps): Partial<AnyApplication<ShopServices>> => ({
  sagas: [{ ...checkout, steps }],
});
const named = (saga: AnySaga, name: string): AnySaga => ({ ...saga, name });

const wrong: readonly (readonly [
  what: string,
  change: Partial<AnyApplication<ShopServices>>,
  ...problems: string[],
])[] = [
  [
    "two deciders with the same name",
    { deciders: [...shop.deciders, { ...order, events: {} }] },
    "deciders: expected different names, got order twice; rename one",
  ],
  [
    "two deciders that record an event with the same name",
    { deciders: [...shop.deciders, { ...order, name: "other" }] },
    ...Object.keys(order.events).map(
      (type) => `events: expected different names, got ${type} twice; rename one`,
    ),
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
        {
          ...order,
          name: "other",
          events: { CommandIgnored: receipts.CommandIgnored },
          evolve: { CommandIgnored: (state) => state },
        },
      ],
    },
    "decider other: expected events that are not named as a receipt, got CommandIgnored; rename the event",
  ],
  [
    "two projections with the same name",
    { projections: [...shop.projections, stockLevel] },
    "projections: expected different names, got stock-level twice; rename one",
  ],
  [
    "a projection of a decider that the application does not have",
    { projections: [...shop.projections, { ...stockLevel, name: "other", sources: [{ ...inventory }] }] },
    "projection other: expected its source inventory to be one of the application's deciders; add it to deciders, or use the one that is there",
  ],
  [
    "a projection of an event that none of its sources records",
    { projections: [...shop.projections, { ...stockLevel, name: "other", sources: [order] }] },
    ...Object.keys(stockLevel.on).map(
      (type) =>
        `projection other: expected events of its sources (order), got ${type}; add its decider to sources, or remove the handler`,
    ),
  ],
  [
    "an index on a field that rows do not have",
    {
      projections: [
        ...shop.projections,
        { ...stockLevel, name: "other", indexes: { newest: { newestFirst: "at" } } },
      ],
    },
    "projection other, index newest: expected a field of the row (sku, received, reserved, taken, available), got at",
  ],
  [
    "an effect and a saga with the same name",
    { sagas: [checkout, named(checkout, "send-confirmation")] },
    "effects, sagas and translators: expected different names, got send-confirmation twice; rename one",
  ],
  [
    "a saga named http, which is the prefix of request ids",
    { sagas: [named(checkout, "http")] },
    "saga http: expected a name that is not reserved, got http: ids of commands that arrive over HTTP begin with it; choose another name",
  ],
  [
    "an effect whose name cannot be part of an id",
    { effects: [...shop.effects, { ...sendConfirmation, name: "Send mail" }] },
    'effect Send mail: expected 1 to 64 characters: a-z, 0-9 and dashes, a letter first; got "Send mail"',
  ],
  [
    "an effect of a decider that the application does not have",
    { effects: [sendConfirmation], deciders: [inventory], projections: [], sagas: [], routes: [] },
    "effect send-confirmation: expected event OrderConfirmed of decider order, got no decider order; add it to deciders",
  ],
  [
    "an effect whose delivery policy AWS would refuse, or that gives up too early",
    {
      effects: [
        { ...sendConfirmation, delivery: { timeoutSeconds: 901, concurrency: 1, attempts: 4 } },
        { ...sendConfirmation, name: "other", delivery: { timeoutSeconds: 0.5 } },
        { ...sendConfirmation, name: "fine", delivery: { timeoutSeconds: 1, concurrency: 2, attempts: 5 } },
      ],
    },
    "effect send-confirmation: expected timeoutSeconds to be a whole number from 1 to 900, got 901",
    "effect send-confirmation: expected concurrency to be a whole number from 2 to 1000, got 1",
    "effect send-confirmation: expected attempts to be a whole number from 5 to 1000, got 4",
    "effect other: expected timeoutSeconds to be a whole number from 1 to 900, got 0.5",
  ],
  [
    "a saga of a decider that the application does not have",
    { sagas: [approvedLending] },
    "saga lending: expected event LoanRequested of decider loan, got no decider loan; add it to deciders",
    "saga lending: expected command HoldBook of decider loan, got no decider loan; add it to deciders",
    "saga lending: expected command FreeBook of decider loan, got no decider loan; add it to deciders",
    "saga lending: expected command AskLibrarian of decider loan, got no decider loan; add it to deciders",
    "saga lending: expected command HandOver of decider loan, got no decider loan; add it to deciders",
    "saga lending: expected command ConfirmLoan of decider loan, got no decider loan; add it to deciders",
    "saga lending: expected command DeclineLoan of decider loan, got no decider loan; add it to deciders",
    "saga lending, step hold: expected event BookHeld of decider loan, got no decider loan; add it to deciders",
    "saga lending, step approval: expected event Approved of decider loan, got no decider loan; add it to deciders",
    "saga lending, step approval: expected event Refused of decider loan, got no decider loan; add it to deciders",
    "saga lending, step hand-over: expected event HandedOver of decider loan, got no decider loan; add it to deciders",
    "saga lending, step hand-over: expected event Lost of decider loan, got no decider loan; add it to deciders",
  ],
  [
    "two steps with the same name",
    withSteps(reserve, reserve),
    "saga checkout, steps: expected different names, got reserve-stock twice; rename one",
  ],
  [
    "two pivots",
    withSteps(reserve, { ...ship, undo: undefined, pivot: true }, confirm),
    "saga checkout: expected at most one pivot, got arrange-shipment, confirm-order; remove pivot from all but one",
  ],
  [
    "a pivot with a condition",
    withSteps(reserve, { ...confirm, onlyIf: () => true }),
    "saga checkout, step confirm-order: expected a pivot without onlyIf, because every instance has the pivot; remove onlyIf",
  ],
  [
    "an undo after the pivot",
    withSteps(confirm, ship),
    "saga checkout, step arrange-shipment: expected no undo after the pivot, where it would never run; remove undo",
  ],
  [
    "a step with the name of the completion",
    withSteps({ ...reserve, name: "complete" }),
    "saga checkout, step complete: expected a name that is not reserved, got complete: a task that is not a step has this name; choose another name",
  ],
  [
    "a step without an event that makes it succeed",
    withSteps({ ...reserve, succeeds: [] }),
    "saga checkout, step reserve-stock: expected at least one event in succeeds, got none; add the event that ends the step",
  ],
  [
    "an outcome of a decider that does not get the command",
    withSteps({ ...pay, fails: [orderPlaced] }),
    "saga checkout, step authorize-payment: expected outcomes of decider payment, which gets RequestPayment; got OrderPlaced of order",
  ],
  [
    "an outcome that means success and failure",
    withSteps({ ...pay, fails: pay.succeeds }),
    "saga checkout, step authorize-payment: expected each event in succeeds or in fails, got PaymentAuthorized in both; remove one",
  ],
  [
    "a timeout that is shorter than the task may run",
    withSteps({ ...pay, timeoutSeconds: 30 }),
    "saga checkout, step authorize-payment: expected timeoutSeconds to be a whole number from 60 to 99999999, got 30",
  ],
  [
    "a step that does not wait and has an outcome from outside",
    withSteps({ ...pay, waits: false, fails: [fromOutside(paymentDeclined, ({ data }) => data.orderId)] }),
    "saga checkout, step authorize-payment: expected a step that waits for PaymentDeclined, which comes from outside, got waits: false; remove waits",
  ],
  [
    "a translator and an effect with the same name, whose command ids would be equal",
    { translators: [{ ...stockDeliveries, name: "send-confirmation" }] },
    "effects, sagas and translators: expected different names, got send-confirmation twice; rename one",
  ],
  [
    "a translator to a command that the application does not have",
    {
      translators: [
        {
          ...stockDeliveries,
          send: { ...stockDeliveries.send, command: { ...receiveStock, type: "TakeIn" } },
        },
      ],
    },
    "translator stock-deliveries: expected command TakeIn of decider inventory, got a decider without it; add it to the commands of inventory",
  ],
  [
    "a translator to a command with another schema",
    {
      translators: [
        {
          ...stockDeliveries,
          send: {
            ...stockDeliveries.send,
            command: { ...receiveStock, schema: receiveStock.schema.strict() },
          },
        },
      ],
    },
    "translator stock-deliveries: expected command ReceiveStock of decider inventory, got one with another schema; make the reference from the decider in deciders",
  ],
  [
    "a translator of the application's own events",
    { translators: [{ ...stockDeliveries, source: "shop" }] },
    "translator stock-deliveries: expected the name of another system as its source, got shop, which is this application; use an effect or a saga for its own events",
  ],
  [
    "a translator whose source and channel cannot be a topic",
    { translators: [{ ...stockDeliveries, source: "the warehouse", channel: "" }] },
    'translator stock-deliveries, source: expected 1 to 64 characters: letters, digits, dots, dashes and _, a letter first; got "the warehouse"',
    'translator stock-deliveries, channel: expected 1 to 64 characters: letters, digits, dashes and _, a letter first; got ""',
  ],
  [
    "a translator with too few attempts",
    { translators: [{ ...stockDeliveries, delivery: { attempts: 1 } }] },
    "translator stock-deliveries: expected attempts to be a whole number from 5 to 1000, got 1",
  ],
];

test.each(wrong.map(([what, change, ...problems]) => ({ what, change, problems })))(
  "reports $what",
  ({ change, problems }) => expect(validate({ ...shop, ...change })).toEqual(problems),
);
