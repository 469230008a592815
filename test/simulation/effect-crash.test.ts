/** Effects of the shop whose process dies after any of its operations, and is followed by another after the lease. */
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoEventStore } from "../../lib/adapters/dynamodb/event-store.ts";
import { dynamoLedger } from "../../lib/adapters/dynamodb/ledger.ts";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { memoryLedger } from "../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { memoryMailer } from "../../lib/adapters/memory/mailer.ts";
import { memoryPaymentProvider } from "../../lib/adapters/memory/payment-provider.ts";
import { sandboxPaymentProvider } from "../../lib/adapters/payment-sandbox/payment-provider.ts";
import { authorizePayment } from "../../lib/domain/authorize-payment.ts";
import { sendConfirmation } from "../../lib/domain/send-confirmation.ts";
import { shop } from "../../lib/domain/shop.ts";
import type { AnyEffect } from "../../lib/model/effect.ts";
import type { Message, RecordedEvent } from "../../lib/model/message.ts";
import type { StreamId } from "../../lib/model/stream.ts";
import type { EventStore } from "../../lib/ports/event-store.ts";
import type { Ledger } from "../../lib/ports/ledger.ts";
import type { Mail, Mailer } from "../../lib/ports/mailer.ts";
import type { PaymentProvider } from "../../lib/ports/payment-provider.ts";
import { commandHandler } from "../../lib/runtime/handle-command.ts";
import { performer } from "../../lib/runtime/perform.ts";
import { type Engine, engine, tables } from "../adapters/dynamodb/engine.ts";
import { recorded } from "../model/recorded.ts";
import { deliveryOf } from "../runtime/deliveries.ts";
import { live, type Reach, reachAll } from "./process.ts";
import { timeline } from "./timeline.ts";

type Stores = { readonly store: EventStore; readonly ledger: Ledger };
type Services = { readonly payments: PaymentProvider; readonly mailer: Mailer };

const leaseSeconds = 60;
const time = timeline({ seed: 1, shuffled: false, clockJumps: false });
const delivery = { name: "again after every crash", seed: 1, copies: 1, mishap: "crash" } as const;
const always: Reach = (port) => port;

/** Notes what is called of these ports, in order. */
const watched = <Ports extends object>(ports: Ports, calls: string[]): Ports =>
  reachAll(
    (port) =>
      new Proxy(port, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== "function") return member;
          return (...parameters: unknown[]) => {
            calls.push(String(name));
            return Reflect.apply(member, target, parameters);
          };
        },
      }),
    ports,
  );

/** What becomes of an event, whose first process dies after its n-th operation and the next ones do not. */
const crashAfter = async (
  effect: AnyEffect<Services>,
  event: RecordedEvent,
  given: Stores & { readonly services: Services },
  operations: number,
) => {
  const calls: string[] = [];
  const { store, ledger } = watched({ store: given.store, ledger: given.ledger }, calls);
  const services = watched(given.services, calls);
  const common = {
    clock: () => new Date(time.now()),
    log: memoryLog(),
    sleep: time.sleep,
    random: time.random,
  };
  const perform = (reach: Reach) =>
    performer(effect, {
      ...common,
      ledger: reach(ledger),
      handle: commandHandler(shop, { ...common, store: reach(store) }),
      services: reachAll(reach, services),
    })([deliveryOf(event)]);

  const first = await time.until(
    live(time, delivery, operations, perform).then(
      () => "lived" as const,
      () => "died" as const,
    ),
  );
  const last = calls.at(-1);
  const early = await time.until(perform(always));
  await time.pass(leaseSeconds + 1);
  const late = await time.until(perform(always));
  await time.until(perform(always));
  return { first, last, early, late };
};

/** Dies after each operation in turn, with an event of its own, until there are no more. */
const afterEach_ = async <Result>(
  run: (operations: number) => Promise<{ readonly first: string; readonly last?: string; readonly result: Result }>,
): Promise<readonly (readonly [operation: string | undefined, result: Result])[]> => {
  const results: [string | undefined, Result][] = [];
  for (let operations = 1; ; operations += 1) {
    const { first, last, result } = await run(operations);
    if (first === "lived") return results;
    results.push([last, result]);
  }
};
