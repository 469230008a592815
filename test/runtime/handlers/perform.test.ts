import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import * as z from "zod";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryLedger } from "../../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { DeliveryPolicy } from "../../../lib/model/delivery/delivery-policy.ts";
import type { Effect } from "../../../lib/model/effect.ts";
import { currentEvents } from "../../../lib/model/events/current.ts";
import { command, event } from "../../../lib/model/reference.ts";
import type { Sleep } from "../../../lib/ports/clock.ts";
import { dead, retry } from "../../../lib/ports/delivery.ts";
import type { Ledger } from "../../../lib/ports/ledger.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import { performer } from "../../../lib/runtime/handlers/perform.ts";
import { commandHandler, type HandleCommand } from "../../../lib/runtime/streams/handle-command.ts";
import { approvedLibrary, approvedLoan } from "../../library/fixtures/approved-loans.ts";
import { outside } from "../../library/fixtures/loan-history.ts";
import { deliveryOf } from "../deliveries.ts";

const approved = outside(4, "Approved");
const delivery = deliveryOf(approved, "d1");
const key = "tell/loan-1@4";
const lose = command(approvedLoan, "Lose");
const onApproved = event(approvedLoan, "Approved");

type Services = { readonly told: string[]; fails?: boolean; hangs?: boolean | string | Promise<void> };

const tell: Effect<typeof onApproved, Services, typeof lose> = {
  name: "tell",
  on: onApproved,
  answers: [lose],
  uses: { told: true, fails: true, hangs: true },
  perform: async ({ data }, { idempotencyKey, services }) => {
    services.told.push(idempotencyKey);
    if (services.hangs instanceof Promise) await services.hangs;
    if (services.hangs === true || services.hangs === idempotencyKey) await new Promise(() => {});
    if (services.fails) throw new Error("nobody answers");
    return lose(z.object({ loanId: z.string() }).parse(data));
  },
};

const place = () => {
  const store = memoryEventStore();
  const ledger = memoryLedger();
  const services: Services = { told: [] };
  const log = memoryLog();
  let now = 0;
  const clock = () => new Date(now);
  const alarms: { readonly at: number; readonly ring: () => void }[] = [];
  const sleep: Sleep = (milliseconds, signal) =>
    new Promise((ring, reject) => {
      alarms.push({ at: now + milliseconds, ring });
      signal?.addEventListener("abort", reject);
    });
  const handle = commandHandler(approvedLibrary, {
    store,
    clock,
    log,
    sleep: async () => {},
    random: () => 0,
  });
  const over = (
    ports: { readonly ledger?: Ledger; readonly handle?: HandleCommand } = {},
    delivery?: DeliveryPolicy,
  ) =>
    performer(
      { ...tell, delivery },
      {
        current: currentEvents(approvedLibrary.deciders),
        ledger,
        handle,
        services,
        clock,
        sleep,
        log,
        ...ports,
      },
    );
  const stored = async () =>
    (await store.read("loan-1", { consistency: "strong" })).map(
      ({ id, events: [{ type }] }) => `${type} ${id}`,
    );
  const pass = (seconds: number) => {
    now += seconds * 1000;
    for (const { at, ring } of alarms) if (at <= now) ring();
  };
  return { ledger, services, handle, over, stored, pass, clock, log };
};

const dies = async () => {
  throw new Error("died");
};

test("an effect is performed once per event, however often the event is delivered", async () => {
  const { over, services, stored } = place();
  expect(await over()([delivery])).toEqual([]);
  expect(await over()([delivery, deliveryOf(approved, "d2")])).toEqual([]);
  expect(services.told).toEqual([key]);
  expect(await stored()).toEqual([`Lost ${key}`]);
});

test("of two deliveries at once one performs, and the other is retried later: it acknowledges nothing", async () => {
  const { over, services } = place();
  const answer = await over()([delivery, deliveryOf(approved, "d2")]);
  expect(answer).toEqual([retry("d2")]);
  expect(services.told).toEqual([key]);
});

test("after a failure it is retried at once, with the same key", async () => {
  const { over, services } = place();
  services.fails = true;
  expect(await over()([delivery])).toEqual([retry("d1")]);
  services.fails = false;
  expect(await over()([delivery])).toEqual([]);
  expect(services.told).toEqual([key, key]);
});

test("an entry that the ledger refuses permanently is dead at the first attempt", async () => {
  const { over, services } = place();
  const claim = () => Promise.reject(new PermanentError("the key is too long"));
  const ledger = { ...memoryLedger(), claim };
  expect(await over({ ledger })([delivery])).toEqual([dead("d1", "refused: the key is too long")]);
  expect(services.told).toEqual([]);
});

test("after a crash, the effect is performed again only after the lease has ended", async () => {
  const { over, services, pass } = place();
  services.hangs = true;
  void over()([deliveryOf(approved, "d0")]);
  await nextTurn();
  services.hangs = false;
  pass(59);
  expect(await over()([delivery])).toEqual([retry("d1")]);
  expect(services.told).toEqual([key]);
  pass(2);
  expect(await over()([delivery])).toEqual([]);
  expect(services.told).toEqual([key, key]);
});

test("the lease is longer than an attempt may take", async () => {
  const { over, services, pass } = place();
  const slow = over({}, { timeoutSeconds: 300 });
  services.hangs = true;
  void slow([deliveryOf(approved, "d0")]);
  await nextTurn();
  services.hangs = false;
  pass(301);
  expect(await slow([delivery])).toEqual([retry("d1")]);
  pass(300);
  expect(await slow([delivery])).toEqual([]);
});

test("an attempt that times out is retried, and delays no other event of its batch", async () => {
  const { over, services, pass, log } = place();
  services.hangs = key;
  const other = deliveryOf(outside(5, "Approved"), "d5");
  const answer = over()([delivery, other]);
  await nextTurn();
  expect(services.told).toEqual([key, "tell/loan-1@5"]);
  pass(26);
  await nextTurn();
  expect(log.entries().at(-1)?.message).not.toContain("failed");
  pass(1);
  expect(await answer).toEqual([retry("d1")]);
  expect(log.entries().at(-1)?.message).toBe("tell loan-1 failed: Error: not finished within 27 seconds");
});

test("an attempt that timed out may still finish: no other attempt starts until the lease has ended", async () => {
  const { over, services, pass } = place();
  services.hangs = true;
  const answer = over()([delivery]);
  await nextTurn();
  pass(27);
  expect(await answer).toEqual([retry("d1")]);
  services.hangs = false;
  pass(32);
  expect(await over()([delivery])).toEqual([retry("d1")]);
  expect(services.told).toEqual([key]);
  pass(2);
  expect(await over()([delivery])).toEqual([]);
  expect(services.told).toEqual([key, key]);
});

test("an attempt that fails after its timeout releases no claim: another may own it by then", async () => {
  const { over, services, pass } = place();
  let fail = () => {};
  services.hangs = new Promise<void>((_, reject) => {
    fail = () => reject(new Error("nobody answers"));
  });
  const late = over()([delivery]);
  await nextTurn();
  pass(27);
  expect(await late).toEqual([retry("d1")]);
  pass(34);
  services.hangs = true;
  void over()([delivery]);
  await nextTurn();
  expect(services.told).toEqual([key, key]);
  fail();
  await nextTurn();
  expect(await over()([delivery])).toEqual([retry("d1")]);
  expect(services.told).toEqual([key, key]);
});

test("after a crash that follows the effect, the next attempt sends the recorded command", async () => {
  const { over, services, stored } = place();
  expect(await over({ handle: dies })([delivery])).toEqual([retry("d1")]);
  expect(await over()([delivery])).toEqual([]);
  expect(services.told).toEqual([key]);
  expect(await stored()).toEqual([`Lost ${key}`]);
});

test("done comes last: after a crash before it, the next attempt sends the same command and gets the same answer", async () => {
  const { over, ledger, services, stored } = place();
  expect(await over({ ledger: { ...ledger, done: dies } })([delivery])).toEqual([retry("d1")]);
  expect(await over()([delivery])).toEqual([]);
  expect(services.told).toEqual([key]);
  expect(await stored()).toEqual([`Lost ${key}`]);
});

test("a contended command is not done", async () => {
  const { over } = place();
  const handle: HandleCommand = async () => ({ kind: "contended", version: 0, history: [] });
  expect(await over({ handle })([delivery])).toEqual([retry("d1")]);
});

test("an event of another type is acknowledged without a claim", async () => {
  const { over, ledger, clock, services } = place();
  const other = outside(4, "Refused");
  expect(await over()([deliveryOf(other)])).toEqual([]);
  expect(services.told).toEqual([]);
  expect(await ledger.claim(key, clock(), 60)).toEqual({ kind: "claimed" });
});
