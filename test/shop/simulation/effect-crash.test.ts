/** Effects of the shop whose process dies after any of its operations. Another process continues. */

import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoEventStore } from "../../../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoLedger } from "../../../lib/adapters/dynamodb/ledger.ts";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryLedger } from "../../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { memoryMailer } from "../../../lib/adapters/memory/mailer.ts";
import type { AnyEffect } from "../../../lib/model/effect.ts";
import { currentEvents } from "../../../lib/model/events/current.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { Sleep } from "../../../lib/ports/clock.ts";
import type { EventStore } from "../../../lib/ports/event-store.ts";
import type { Ledger } from "../../../lib/ports/ledger.ts";
import type { Mailer } from "../../../lib/ports/mailer.ts";
import { performer } from "../../../lib/runtime/handlers/perform.ts";
import { commandHandler } from "../../../lib/runtime/streams/handle-command.ts";
import { sendConfirmation } from "../../../lib/shop/orders/send-confirmation.ts";
import { authorizePayment } from "../../../lib/shop/payments/authorize-payment.ts";
import { memoryPaymentProvider } from "../../../lib/shop/payments/memory-payment-provider.ts";
import type { PaymentProvider } from "../../../lib/shop/payments/payment-provider.ts";
import { sandboxPaymentProvider } from "../../../lib/shop/payments/sandbox/payment-provider.ts";
import { type ShopServices, shop } from "../../../lib/shop/shop.ts";
import { type Engine, engine, tables } from "../../adapters/dynamodb/engine.ts";
import { recorded } from "../../model/recorded.ts";
import { deliveryOf } from "../../runtime/deliveries.ts";
import { storeEvents } from "../../runtime/stored.ts";
import { live, type Reach, reachAll, recording } from "../../simulation/process.ts";
import { timeline } from "../../simulation/timeline.ts";

type Place = {
  readonly store: EventStore;
  readonly ledger: Ledger;
  readonly payments: PaymentProvider;
  /** The amount that is charged under this key. */
  readonly charged: (key: string) => Promise<number>;
};

const leaseSeconds = 60;
const time = timeline({ seed: 1, shuffled: false, clockJumps: false });
const crash = { name: "again after every crash", seed: 1, copies: 1, mishap: "crash" } as const;

/** The engine takes real time, which is not on the timeline, so no attempt counts as late. */
const never: Sleep = () => new Promise(() => {});

const processOf =
  (effect: AnyEffect<ShopServices>, event: RecordedEvent, place: Place, mailer: Mailer) => (reach: Reach) => {
    const common = {
      clock: () => new Date(time.now()),
      log: memoryLog(),
      sleep: time.sleep,
      random: time.random,
    };
    const handle = commandHandler(shop, { ...common, store: reach(place.store) });
    const services = reachAll(reach, { payments: place.payments, mailer });
    const current = currentEvents(shop.deciders);
    const ports = { ...common, current, sleep: never, ledger: reach(place.ledger), handle, services };
    return performer(effect, ports)([deliveryOf(event)]);
  };

/** The first process dies after `count` operations. Others follow, before and after the end of its lease. */
const dieAfter = async (count: number, run: ReturnType<typeof processOf>) => {
  const operations: string[] = [];
  const record = recording(operations);
  const isDead = await time.until(
    live(time, crash, count, (reach) => run((port) => reach(record(port)))).then(
      () => false,
      () => true,
    ),
  );
  const again: boolean[] = [];
  for (const seconds of [0, leaseSeconds + 1, 0]) {
    await time.pass(seconds);
    again.push((await time.until(run((port) => port))).length > 0);
  }
  return { isDead, operation: operations[count - 1], again };
};

/** Each event has a new order, because the tables of an engine keep the data of other tests. */
let orders = 0;

/** For each operation: its name, and how often the effect happened in total if the first process died after it. */
const dieEverywhere = async (
  run: (id: string) => Promise<ReturnType<typeof processOf>>,
  happened: (id: string) => Promise<number>,
) => {
  const found: (readonly [operation: string | undefined, times: number])[] = [];
  for (let count = 1; ; count += 1) {
    orders += 1;
    const id = `${orders}`;
    const { isDead, operation, again } = await dieAfter(count, await run(id));
    expect(again.slice(1), "is done after the end of the lease").toEqual([false, false]);
    if (!isDead) return found;
    found.push([operation, await happened(id)]);
  }
};

let running: Engine;
beforeAll(async () => {
  running = await engine();
});
afterAll(() => running.stop());

const inMemory = (): Place => {
  const provider = memoryPaymentProvider();
  return {
    store: memoryEventStore(),
    ledger: memoryLedger(),
    payments: provider,
    charged: async (key) => provider.held(key),
  };
};

const onDynamo = (): Place => ({
  store: dynamoEventStore(running.client, tables.events),
  ledger: dynamoLedger(running.client, tables.ledger),
  payments: sandboxPaymentProvider(running.client, () => tables.payments, time.sleep),
  charged: async (pk) => {
    const key = { TableName: tables.payments, Key: { pk: { S: pk } }, ConsistentRead: true };
    const { Item } = await running.client.send(new GetItemCommand(key));
    return Item?.status?.S === "authorized" ? Number(Item.amount?.N) : 0;
  },
});

describe.each([
  ["in memory", inMemory],
  ["on DynamoDB", onDynamo],
])("wherever its process dies, %s", (_, make) => {
  const amount = 300;

  test("a card is charged once, and its stream has one event about it", async () => {
    const place = make();
    const asked = new Set<string>();
    const payments: PaymentProvider = {
      ...place.payments,
      authorize: (request) => {
        asked.add(request.key);
        return place.payments.authorize(request);
      },
    };
    const keyOf = (id: string) => `payment-${id}`;
    const run = async (id: string) => {
      const data = { orderId: id, paymentKey: keyOf(id), amount, paymentMethod: "pm_card_visa" };
      const event = recorded(`payment-${id}`, { type: "PaymentRequested", data });
      await storeEvents(place.store, [event]);
      return processOf(authorizePayment, event, { ...place, payments }, memoryMailer());
    };
    const happened = async (id: string) => {
      const commits = await place.store.read(`payment-${id}`, { consistency: "strong" });
      const types = commits.flatMap(({ events }) => events.map(({ type }) => type));
      expect(types).toEqual(["PaymentRequested", "PaymentAuthorized"]);
      return (await place.charged(keyOf(id))) / amount;
    };
    expect(await dieEverywhere(run, happened)).toEqual([
      ["claim", 1],
      ["authorize", 1],
      ["performed", 1],
      ["read", 1],
      ["append", 1],
      ["done", 1],
    ]);
    expect(asked.size).toBe(7);
  });

  const confirmed = (orderId: string) => {
    const data = { orderId, customer: { name: "Ada", email: `${orderId}@example.com` }, total: amount };
    return recorded(`order-${orderId}`, { type: "OrderConfirmed", data }, { version: 2 });
  };

  const mailsFor = (place: Place, mailer: Mailer, mails: () => readonly { readonly to: string }[]) =>
    dieEverywhere(
      async (id) => processOf(sendConfirmation, confirmed(id), place, mailer),
      async (id) => mails().filter(({ to }) => to === `${id}@example.com`).length,
    );

  test("a transport that supports keys sends one e-mail", async () => {
    const mailer = memoryMailer();
    expect(await mailsFor(make(), mailer, mailer.sent)).toEqual([
      ["claim", 1],
      ["send", 1],
      ["done", 1],
    ]);
  });

  test("a transport without keys sends one e-mail, unless the process dies after it is sent and before this is stored", async () => {
    const sent: { readonly to: string; readonly key: string }[] = [];
    const mailer: Mailer = { send: async (mail) => void sent.push(mail) };
    expect(await mailsFor(make(), mailer, () => sent)).toEqual([
      ["claim", 1],
      ["send", 2],
      ["done", 1],
    ]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(4);
  });

  test("without the claim in the ledger, every delivery sends an e-mail", async () => {
    const place = make();
    const claimless: Ledger = { ...place.ledger, claim: async () => ({ kind: "claimed" }) };
    const sent: { readonly to: string }[] = [];
    const mailer: Mailer = { send: async (mail) => void sent.push(mail) };
    const found = await mailsFor({ ...place, ledger: claimless }, mailer, () => sent);
    expect(found.map(([, times]) => times)).toEqual([3, 4, 4]);
  });
});
