/** What the type checker refuses: each line below is a mistake that it must name. It is checked, never run. */
import * as z from "zod";
import type { OwnTechnologies } from "../../../lib/deploy/technologies.ts";
import type { AnyApplication, Application } from "../../../lib/model/application.ts";
import { type Context, type Decider, decide, decideParsed, reject } from "../../../lib/model/decider.ts";
import type { AnyEffect } from "../../../lib/model/effect.ts";
import { lift, old, part, split, today } from "../../../lib/model/events/past.ts";
import { fact } from "../../../lib/model/http/fact.ts";
import type { Route } from "../../../lib/model/http/route.ts";
import type { ParsedCommand } from "../../../lib/model/json/parsed-command.ts";
import type { SentCommand } from "../../../lib/model/message.ts";
import type { Projection } from "../../../lib/model/projection.ts";
import { command, type EventBy, event } from "../../../lib/model/reference.ts";
import { fromOutside, type Saga, type Step, sending } from "../../../lib/model/saga.ts";
import type { Translator } from "../../../lib/model/translator.ts";
import { order, orderPlaced } from "../../../lib/shop/orders/order.ts";
import { sendConfirmation } from "../../../lib/shop/orders/send-confirmation.ts";
import type { authorizePayment } from "../../../lib/shop/payments/authorize-payment.ts";
import { requestPayment, voidPayment } from "../../../lib/shop/payments/payment.ts";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { type ShopServices, shop } from "../../../lib/shop/shop.ts";
import { inventory, receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { stockDeliveries } from "../../../lib/shop/stock/stock-deliveries.ts";
import type { stockLevel } from "../../../lib/shop/stock/stock-level.ts";

type Order = typeof order;
type OrderDecider = Decider<Order["initialState"], Order["commands"], Order["events"], Order["rejections"]>;
type StockProjection = Projection<typeof stockLevel.row, typeof inventory>;

// @ts-expect-error no such event
event(order, "OrderShipped");
// @ts-expect-error an event is not a command
command(order, "OrderPlaced");
// @ts-expect-error the amount is a number
requestPayment({ orderId: "1", amount: "300", paymentMethod: "pm_card_visa" });
// @ts-expect-error the amount is missing
requestPayment({ orderId: "1", paymentMethod: "pm_card_visa" });

const { OrderPlaced, OrderConfirmed } = order.evolve;
// @ts-expect-error OrderCancelled is missing
export const missingEvent: OrderDecider["evolve"] = { OrderPlaced, OrderConfirmed };
// @ts-expect-error no such command
export const unknownCommand: OrderDecider["decide"] = { ...order.decide, ShipOrder: () => [] };
// @ts-expect-error not every command has a customer
export const unidentified: OrderDecider["identifiedBy"] = "customer";
export const wrongEvent: OrderDecider["decide"]["ConfirmOrder"] = ({ data }) => [
  // @ts-expect-error an OrderConfirmed has a customer and a total
  { type: "OrderConfirmed", data },
];
// @ts-expect-error the order declares no such rejection
export const wrongCode: OrderDecider["decide"]["ConfirmOrder"] = () => reject("too-late", "it is late");

// @ts-expect-error a kind is for a code that the order declares
export const wrongKind: OrderDecider["rejectionKinds"] = { "too-late": "forbidden" };

export const wrongStart: Saga<typeof orderPlaced> = {
  ...checkout,
  // @ts-expect-error OrderPlaced is not a StockReserved
  startsOn: event(inventory, "StockReserved"),
};
export const wrongStep: Step<EventBy<typeof orderPlaced>> = {
  name: "pay",
  // @ts-expect-error an order has no amount
  send: sending(requestPayment, ({ data: { orderId, paymentMethod, amount } }) => ({
    orderId,
    paymentMethod,
    amount,
  })),
  // @ts-expect-error a command is not an outcome
  succeeds: [requestPayment],
  // @ts-expect-error an order has no number
  fails: [fromOutside(orderPlaced, ({ data }) => data.number)],
  timeoutSeconds: 60,
  // @ts-expect-error a compensation knows no outcomes
  undo: sending(voidPayment, (_, outcomes) => ({ orderId: outcomes.one(orderPlaced).data.orderId })),
};
type Send = Step<EventBy<typeof orderPlaced>>["send"];
// @ts-expect-error a payment has an amount and a method
export const wrongData: Send = sending(requestPayment, ({ data: { orderId } }) => ({ orderId }));
// @ts-expect-error each has an amount and a method
export const wrongEach: Send = sending(requestPayment, ({ data: { orderId } }) => [{ orderId }]);
// @ts-expect-error an event is not a command
export const wrongCommand: Send = sending(orderPlaced, ({ data }) => data);
// @ts-expect-error no step waits for ever
export const endless: (typeof checkout)["steps"][number] = {
  name: "pay",
  send: wrongData,
  succeeds: [],
  fails: [],
};

// @ts-expect-error whoever does not wait says so, and whoever waits says nothing
export const waiting: Pick<(typeof checkout)["steps"][number], "waits"> = { waits: true };

// @ts-expect-error it does not declare this answer
export const wrongAnswer: (typeof authorizePayment)["perform"] = async () => voidPayment({ orderId: "1" });
// @ts-expect-error the confirmation answers nothing
export const noAnswer: (typeof sendConfirmation)["perform"] = async () => voidPayment({ orderId: "1" });

// @ts-expect-error none of its sources records OrderPlaced
export const unknownEvent: StockProjection["on"] = { OrderPlaced: { key: "sku", evolve: () => undefined } };
export const wrongKey: StockProjection["on"]["StockReserved"] = {
  // @ts-expect-error the event has no field of this name
  key: "article",
  evolve: () => undefined,
};
export const wrongHandler: StockProjection["on"]["StockReserved"] = {
  // @ts-expect-error the event has no article
  key: ({ data }) => data.article,
  // @ts-expect-error the row has more fields
  evolve: (_, { data }) => ({ sku: data.sku }),
};
// @ts-expect-error the row has no customer
export const wrongIndex: StockProjection["indexes"] = { byCustomer: { by: "customer" } };
// @ts-expect-error a number is not a time
export const wrongOrder: StockProjection["indexes"] = { newest: { newestFirst: "available" } };

// @ts-expect-error the composition root supplies no mailer
export const noMailer: AnyEffect<{ readonly payments: unknown }> = sendConfirmation;
// @ts-expect-error it performs with the mailer and has no row for it
export const noRow: (typeof sendConfirmation)["uses"] = {};
// @ts-expect-error it does not perform with payments
export const wrongRow: (typeof sendConfirmation)["uses"] = { mailer: true, payments: true };
// @ts-expect-error the application's own table has no row for the mailer
export const noTechnology: OwnTechnologies<ShopServices>["services"] = ({ own }) => ({ payments: own });
// @ts-expect-error its effects need payments and a mailer
export const noServices: AnyApplication<object> = shop;

const events = { method: "GET", path: "/orders/{orderId}/events", history: order } as const;
// @ts-expect-error it does not say who may call it
export const openRoute: Route = { ...events, owner: "none" };
// @ts-expect-error it does not say whose events it shows
export const ownerless: Route = { ...events, access: "customer" };
const accessible = { ...events, access: "operator", owner: "none" } as const;
// @ts-expect-error a history is read
export const writtenHistory: Route = { ...accessible, method: "POST" };
// @ts-expect-error a path begins with a slash
export const wrongPath: Route = { ...accessible, path: "orders" };
// @ts-expect-error the application does not have this access name
export const undeclared: Route<"public" | "customer"> = accessible;
// @ts-expect-error the application does not have this access name
export const undeclaredExempt: Route<"public" | "customer"> = {
  ...accessible,
  access: "customer",
  owner: { fact: fact(order, () => undefined), exempt: ["operator"] },
};

type Shop = Application<ShopServices, readonly ["public", "customer", "operator"]>;
const { access: _, ...withoutAccess } = shop;
// @ts-expect-error the application does not say who its callers are
export const withoutNames: Shop = withoutAccess;
// @ts-expect-error the names are not the declared ones
export const otherNames: Shop["access"] = ["public", "member", "librarian"];
export const undeclaredInApplication: Shop["routes"] = [
  { ...accessible, access: "customer" },
  // @ts-expect-error the application does not have this access name
  { ...accessible, access: "librarian" },
  // @ts-expect-error the application does not have this exempt name
  { ...accessible, owner: { fact: fact(order, ({ customer }) => customer?.id), exempt: ["librarian"] } },
];
// @ts-expect-error the state has no customer's name
fact(order, ({ customerName }) => customerName);

export const subjectOf: OrderDecider["decide"]["ConfirmOrder"] = (_, __, { actor }) => {
  // @ts-expect-error a command may have no actor
  actor.subject satisfies string;
  actor?.subject satisfies string | undefined;
  return [];
};
// @ts-expect-error an actor has scopes
export const withoutScopes: Context = { now: new Date(0), actor: { subject: "VINET" } };
export const withoutActor: Context = { now: new Date(0) };

export const mistranslated: Translator<typeof stockDeliveries.schema> = {
  ...stockDeliveries,
  // @ts-expect-error a StockDelivered has pieces
  send: sending(receiveStock, ({ data: { article, quantity } }) => ({ sku: article, quantity })),
};
export const incomplete: Translator<typeof stockDeliveries.schema> = {
  ...stockDeliveries,
  // @ts-expect-error ReceiveStock has a quantity
  send: sending(receiveStock, ({ data: { article } }) => ({ sku: article })),
};

/** A command is sent as its schema accepts it, and decided as its schema gives it back. */
const switching = { SetLight: z.object({ lightId: z.string(), on: z.stringbool() }) };
const light: Decider<undefined, typeof switching, Record<string, never>, readonly []> = {
  name: "light",
  identifiedBy: "lightId",
  commands: switching,
  events: {},
  rejections: [],
  initialState: undefined,
  decide: {
    SetLight: ({ data }) => {
      data.on satisfies boolean;
      return [];
    },
  },
  evolve: {},
};
const setLight = command(light, "SetLight");
setLight({ lightId: "1", on: "yes" });
// @ts-expect-error it is sent as text
setLight({ lightId: "1", on: true });

declare const unparsed: SentCommand;
declare const once: ParsedCommand;
decide(light, unparsed, undefined, { now: new Date(0) });
// @ts-expect-error its data were parsed before
decide(light, once, undefined, { now: new Date(0) });
// @ts-expect-error its data were not parsed
decideParsed(light, unparsed, undefined, { now: new Date(0) });

/** An upcaster fits the versions at both of its ends. */
const parcels = { Sent: z.object({ to: z.string() }), Paid: z.object({ amount: z.int() }) };
const sent1 = old("Sent", 1, z.object({ name: z.string() }), { name: "Ada" });
const [sentNow, paidNow] = [today(parcels, "Sent"), today(parcels, "Paid")];
lift(sent1, sentNow, ({ name: to }, { recordedAt, streamId }) => ({ to: `${to}${recordedAt}${streamId}` }));
// @ts-expect-error the example does not fit the schema of its version
old("Sent", 1, z.object({ name: z.string() }), { name: 1 });
// @ts-expect-error no such event
today(parcels, "Lost");
// @ts-expect-error the old version has no such field
lift(sent1, sentNow, ({ address }) => ({ to: address }));
// @ts-expect-error the field of the next version is missing
lift(sent1, sentNow, ({ name }) => ({ name }));
split(sent1, [sentNow, paidNow], ({ name: to }) => [part(sentNow, { to }), part(paidNow, { amount: 1 })]);
// @ts-expect-error the data of the part do not fit its version
split(sent1, [sentNow], ({ name }) => [part(sentNow, { name })]);
// @ts-expect-error the part is not in the list
split(sent1, [sentNow], () => [part(paidNow, { amount: 1 })]);
