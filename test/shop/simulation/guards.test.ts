/**
 * Each guard of sagas, effects and translators is necessary: with it, stock and money are correct; if a variant of a
 * port or a definition removes it, the checkers find the damage.
 */
import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInbox } from "../../../lib/adapters/memory/inbox.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { SentCommand } from "../../../lib/model/message.ts";
import type { AnySaga } from "../../../lib/model/saga.ts";
import type { Mail } from "../../../lib/ports/mailer.ts";
import { intake } from "../../../lib/runtime/handlers/translate.ts";
import { commandHandler, type HandleCommand } from "../../../lib/runtime/streams/handle-command.ts";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { type ShopServices, shop } from "../../../lib/shop/shop.ts";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { stockDeliveries } from "../../../lib/shop/stock/stock-deliveries.ts";
import type { Fault } from "../../simulation/conformance/dimensions.ts";
import { kindsOf } from "../../simulation/conformance/kind.ts";
import { play, type Variant } from "../../simulation/conformance/play.ts";
import { arrivals, type Scenario } from "../../simulation/conformance/scenario.ts";
import { engines, stateMachines } from "../../simulation/engines.ts";
import { type CheckoutOptions, checkoutAt } from "./conformance/checkouts.ts";
import { placing } from "./orders.ts";
import { shopWorld } from "./shop-world.ts";

const inOrder = arrivals[0];
const [kind] = kindsOf([checkoutAt(50)]);

const problemsWith = async (
  engine: (typeof engines)[number][1],
  trouble: Partial<Scenario>,
  { application, mailer, ...variant }: Variant & CheckoutOptions = {},
): Promise<string> => {
  if (!kind) throw new Error("expected one kind of checkout at the price 50, found none");
  const subject = checkoutAt(50, { application, mailer });
  const scenario = { subject: subject.name, arrival: inOrder, seed: 1, ...trouble };
  const { outcome, problems } = await play(engine, scenario, { ...kind, subject }, variant);
  return [...(outcome === "stuck" ? ["stuck"] : []), ...problems].join("; ");
};

const fault = (task: string, how: Fault["how"], of: Fault["of"] = "command"): Fault => ({ task, of, how });

/** Gives each arrival of a command of this step a different id. */
const strippingIdsOf = (step: string): ((handle: HandleCommand) => HandleCommand) => {
  let count = 0;
  return (handle) => (command, options) => {
    count += 1;
    const { metadata } = command;
    const isOfStep = metadata.id.includes(`/${step}/`);
    const stripped: SentCommand = { ...command, metadata: { ...metadata, id: `${metadata.id}~${count}` } };
    return handle(isOfStep ? stripped : command, options);
  };
};

/** The shop without the undo of this step. */
const withoutUndoOf = (name: string): AnyApplication<ShopServices> => {
  const steps = checkout.steps.map(({ undo, ...step }) => (step.name === name ? step : { ...step, undo }));
  const saga: AnySaga = { ...checkout, steps };
  return { ...shop, sagas: shop.sagas.map((each) => (each === checkout ? saga : each)) };
};

describe.each(engines)("%s", (_, engine) => {
  test("without the id of a step's command, an expired command is executed if it arrives too late", async () => {
    const trouble = { fault: fault("reserve-stock", "too late") };
    expect(await problemsWith(engine, trouble)).toBe("");
    expect(await problemsWith(engine, trouble, { handles: strippingIdsOf("reserve-stock") })).toContain(
      'stock: [{"sku":"apple","received":5,"reserved":2',
    );
  });

  test("without the id of a step's command, a command that arrives twice is executed twice", async () => {
    const trouble = { fault: fault("reserve-stock", "twice") };
    expect(await problemsWith(engine, trouble)).toBe("");
    expect(await problemsWith(engine, trouble, { handles: strippingIdsOf("reserve-stock") })).toContain(
      'stock: [{"sku":"apple","received":5,"reserved":2,"taken":2',
    );
  });

  test("without the undo of the failing step, money is still held if the authorization comes too late", async () => {
    const trouble = { fault: fault("authorize-payment", "silent", "answer") };
    expect(await problemsWith(engine, trouble)).toBe("");
    const application = withoutUndoOf("authorize-payment");
    expect(await problemsWith(engine, trouble, { application })).toContain("compensated, but held: 150");
  });

  test("without the claim of the ledger, an event that arrives twice sends two e-mails", async () => {
    const trouble = { arrival: arrivals[1] };
    const unclaimed: Variant["between"] = {
      ledger: (kept) => ({ ...kept, claim: async () => ({ kind: "claimed" }) }),
    };
    const mailer = () => {
      const sent: Mail[] = [];
      return { sent: () => sent, send: async (mail: Mail) => void sent.push(mail) };
    };
    expect(await problemsWith(engine, trouble, { mailer: mailer() })).toBe("");
    expect(await problemsWith(engine, trouble, { mailer: mailer(), between: unclaimed })).toContain(
      "completed, but mails:",
    );
  });
});

describe.each(stateMachines)("%s", (_, engine) => {
  test("without the token in the saga's item, the machine does not learn that its step is decided", async () => {
    const status = async (between: Variant["between"]) => {
      const world = shopWorld(engine, { ...inOrder, seed: 1 }, { between });
      for (const command of [
        receiveStock({ sku: "apple", quantity: 5 }),
        placing("1", [{ sku: "apple", quantity: 1, unitPrice: 50 }]),
      ])
        await world.request(command);
      await world.pass(600);
      return world.statusOfCheckout("1");
    };
    const forgetful: Variant["between"] = {
      instances: (kept) => ({
        ...kept,
        append: (id, events, beside) => kept.append(id, events, { ...beside, waiting: undefined }),
      }),
    };
    expect(await status(undefined)).toMatchObject({ kind: "completed" });
    expect(await status(forgetful)).not.toMatchObject({ kind: "completed" });
  });
});

test("without the id of the command, an event of another system that is delivered twice is received twice", async () => {
  const receivedWith = async (handles: (handle: HandleCommand) => HandleCommand) => {
    const [store, log] = [memoryEventStore(), memoryLog()];
    const system = { clock: () => new Date(0), sleep: async () => undefined, random: () => 0, log };
    const handle = handles(commandHandler(shop, { store, ...system }));
    const data = { article: "apple", pieces: 40 };
    const event = { id: "1", source: "warehouse", type: "StockDelivered", data };
    // Each delivery has a new inbox, so only the id of the command is left.
    for (const id of ["first", "second"])
      expect(
        await intake(stockDeliveries, { ...system, handle, inbox: memoryInbox() })([
          { id, receiveCount: 1, event },
        ]),
      ).toEqual([]);
    const commits = await store.read("inventory-apple", { consistency: "strong" });
    return commits.flatMap(({ events }) => events.map(({ data }) => data.quantity));
  };
  let count = 0;
  const stripping =
    (handle: HandleCommand): HandleCommand =>
    (command) => {
      count += 1;
      return handle({ ...command, metadata: { ...command.metadata, id: `${count}` } });
    };
  expect(await receivedWith((handle) => handle)).toEqual([40]);
  expect(await receivedWith(stripping)).toEqual([40, 40]);
});
