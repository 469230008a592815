import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryInbox } from "../../../../lib/adapters/memory/inbox.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import type { ForeignEvent } from "../../../../lib/model/events/foreign-event.ts";
import type { SentCommand } from "../../../../lib/model/message.ts";
import type { AnyTranslator } from "../../../../lib/model/translator.ts";
import { dead, type ForeignDelivery, retry } from "../../../../lib/ports/delivery.ts";
import type { Inbox } from "../../../../lib/ports/inbox.ts";
import { PermanentError } from "../../../../lib/ports/permanent-error.ts";
import { intake } from "../../../../lib/runtime/handlers/translate.ts";
import type { Answer } from "../../../../lib/runtime/streams/answer.ts";
import { commandHandler, type HandleCommand } from "../../../../lib/runtime/streams/handle-command.ts";
import { inventory, receiveStock } from "../../../../lib/shop/stock/inventory.ts";
import { stockDeliveries } from "../../../../lib/shop/stock/stock-deliveries.ts";

const delivered = (id: string, change: Partial<ForeignEvent> = {}): ForeignEvent => ({
  id,
  source: "warehouse",
  type: "StockDelivered",
  time: "2026-01-31T12:00:00Z",
  data: { article: "pear", pieces: 4 },
  ...change,
});

const arrival = (event: ForeignEvent, id = event.id): ForeignDelivery => ({ id, receiveCount: 1, event });

type PlaceOptions = {
  readonly translator?: AnyTranslator;
  readonly inbox?: Inbox;
  /** Faults between the intake and the handler of commands. */
  readonly through?: (handle: HandleCommand) => HandleCommand;
};

const place = (options: PlaceOptions = {}) => {
  const { translator = stockDeliveries, inbox = memoryInbox(), through = (handle) => handle } = options;
  const store = memoryEventStore();
  const log = memoryLog();
  let now = Date.parse("2026-01-31T12:00:00Z");
  const clock = () => new Date(now);
  const handle = commandHandler(
    { name: "shop", deciders: [inventory] },
    { store, log, clock, sleep: async () => {}, random: () => 0 },
  );
  const stored = async (streamId: `${string}-${string}` = "inventory-pear") =>
    (await store.read(streamId, { consistency: "strong" })).map(
      ({ id, events: [{ type }] }) => `${type} ${id}`,
    );
  const pass = (years: number) => {
    now += years * 365 * 86_400_000;
  };
  const problems = () => log.entries().flatMap(({ kind, message }) => (kind === "problem" ? [message] : []));
  return {
    handle: intake(translator, { handle: through(handle), inbox, clock, log }),
    stored,
    pass,
    problems,
    log,
  };
};

const id = (event: string) => `stock-deliveries/warehouse/${event}`;

/** As in a version without an inbox. */
const forgetful: Inbox = { ...memoryInbox(), receive: async () => "new" };

describe("an event is processed once", () => {
  test("however often it arrives, immediately or years later", async () => {
    const { handle, stored, pass } = place();
    expect(await handle([arrival(delivered("1"))])).toEqual([]);
    expect(await handle([arrival(delivered("1"), "again")])).toEqual([]);
    for (let more = 2; more < 20; more += 1) await handle([arrival(delivered(`${more}`))]);
    pass(3);
    expect(await handle([arrival(delivered("1"), "late")])).toEqual([]);
    expect((await stored()).filter((each) => each.endsWith("/1"))).toEqual([`StockReceived ${id("1")}`]);
    expect(await stored()).toHaveLength(19);
  });

  test("even if another function processes it at the same time", async () => {
    const { handle, stored } = place();
    const ten = Array.from({ length: 10 }, (_, copy) => arrival(delivered("1"), `copy ${copy}`));
    const answers = await Promise.all([handle(ten), handle(ten)]);
    expect(answers).toEqual([[], []]);
    expect(await stored()).toEqual([`StockReceived ${id("1")}`]);
  });

  test("and without the inbox and the fixed command id, each delivery would be another event", async () => {
    let count = 0;
    const renamed = (command: SentCommand): SentCommand => {
      count += 1;
      return { ...command, metadata: { ...command.metadata, id: `${count}` } };
    };
    const { handle, stored } = place({
      inbox: forgetful,
      through: (handle) => (command) => handle(renamed(command)),
    });
    await handle([arrival(delivered("1"))]);
    await handle([arrival(delivered("1"), "again")]);
    expect(await stored()).toEqual(["StockReceived 1", "StockReceived 2"]);
  });

  test("a function that crashes after storing is followed by one that finds the event stored", async () => {
    let dies = true;
    const { handle, stored } = place({
      through: (handle) => async (command) => {
        const answer = await handle(command);
        if (dies) throw new Error("died");
        return answer;
      },
    });
    expect(await handle([arrival(delivered("1"))])).toEqual([retry("1")]);
    dies = false;
    expect(await handle([arrival(delivered("1"))])).toEqual([]);
    expect(await stored()).toEqual([`StockReceived ${id("1")}`]);
  });
});

describe("a command that the application rejects", () => {
  const tooMuch = delivered("2", { data: { article: "pear", pieces: Number.MAX_SAFE_INTEGER } });

  test("is answered by a receipt in the stream, and reported to operators", async () => {
    const { handle, stored, problems, log } = place();
    await handle([arrival(delivered("1"))]);
    expect(await handle([arrival(tooMuch)])).toEqual([]);
    expect(await handle([arrival(tooMuch)])).toEqual([]);
    expect(await stored()).toEqual([`StockReceived ${id("1")}`, `CommandRejected ${id("2")}`]);
    expect(problems()[0]).toMatch(/^stock-deliveries\/warehouse\/2 of warehouse was rejected: too-much/);
    expect(log.counted()).toEqual(["ForeignEventRejected"]);
  });
});

describe("an event that can never be accepted is dead at the first attempt and does not block the others", () => {
  const deadOf = async (event: ForeignEvent, translator: Partial<AnyTranslator> = {}) => {
    const { handle, stored } = place({ translator: { ...stockDeliveries, ...translator } });
    const outcomes = await handle([arrival(event, "bad"), arrival(delivered("2"))]);
    return { outcome: outcomes.find((each) => each.id === "bad"), stored: await stored() };
  };

  test("an event that violates the schema, with the wrong field", async () => {
    const { outcome, stored } = await deadOf(delivered("1", { data: { article: "pear" } }));
    expect(outcome).toEqual(dead("bad", expect.stringMatching(/^untranslatable: .*1[\s\S]*pieces/)));
    expect(stored).toEqual([`StockReceived ${id("2")}`]);
  });

  test("an event of another type", async () => {
    const { outcome } = await deadOf(delivered("1", { type: "StockCounted" }));
    expect(outcome).toEqual(dead("bad", expect.stringMatching(/^untranslatable: .*StockCounted/)));
  });

  test("an event for which the translation throws", async () => {
    const make = () => {
      throw new TypeError("no shelf");
    };
    const { outcome } = await deadOf(delivered("1"), { send: { command: receiveStock, make } });
    expect(outcome).toEqual(dead("bad", "untranslatable: no shelf"));
  });

  test("an event whose command violates the schema of that command", async () => {
    const make = () => [receiveStock({ sku: "pear", quantity: -1 })];
    const { outcome, stored } = await deadOf(delivered("1"), { send: { command: receiveStock, make } });
    expect(outcome).toEqual(
      dead("bad", expect.stringMatching(/^untranslatable: .*ReceiveStock[\s\S]*quantity/)),
    );
    expect(stored).toEqual([]);
  });
});

describe("source and id identify an event, whatever stream its data point to", () => {
  const reused = (id: string) => [dead(id, expect.stringMatching(/^event-id-reused: warehouse\/1 /))];
  const other = delivered("1", { data: { article: "fig", pieces: 4 } });

  test("different data for another stream is dead at the first attempt, and has no effect", async () => {
    const { handle, stored } = place();
    await handle([arrival(delivered("1"))]);
    for (const _ of [1, 2]) expect(await handle([arrival(other)])).toEqual(reused("1"));
    expect(await stored("inventory-fig")).toEqual([]);
    expect(await handle([arrival(delivered("1"))])).toEqual([]);
    expect(await stored()).toHaveLength(1);
  });

  test("of two at the same time one is processed", async () => {
    const { handle, stored } = place();
    const outcomes = await handle([arrival(delivered("1"), "one"), arrival(other, "other")]);
    expect(outcomes).toEqual(reused("other"));
    expect([await stored(), await stored("inventory-fig")]).toEqual([[`StockReceived ${id("1")}`], []]);
  });

  test("an event that is done sends no command again", async () => {
    let count = 0;
    const through =
      (handle: HandleCommand): HandleCommand =>
      (command) => {
        count += 1;
        return handle(command);
      };
    const { handle, log } = place({ through });
    for (const _ of [1, 2, 3]) expect(await handle([arrival(delivered("1"))])).toEqual([]);
    expect(count).toBe(1);
    expect(log.entries().at(-1)?.message).toBe("StockDelivered warehouse/1 was already processed");
  });

  test("data with the same meaning is the same, in any order and with any other attributes", async () => {
    const { handle } = place();
    await handle([
      arrival(delivered("1", { data: { article: "pear", pieces: 4, shelf: { a: 1, b: [2] } } })),
    ]);
    const turned = { pieces: 4, shelf: { b: [2], a: 1 }, article: "pear" };
    const retry = delivered("1", { data: turned, time: "2026-02-01T00:00:00Z", correlationId: "c" });
    expect(await handle([arrival(retry)])).toEqual([]);
    const changed = delivered("1", { data: { ...turned, shelf: { a: 1, b: [3] } } });
    expect(await handle([arrival(changed)])).toEqual(reused("1"));
  });

  test("the same id of another source is another event, and each translator of a source processes it", async () => {
    const inbox = memoryInbox();
    const store = { inbox };
    await place(store).handle([arrival(delivered("1"))]);
    const bakery = place({ ...store, translator: { ...stockDeliveries, source: "bakery" } });
    expect(await bakery.handle([arrival({ ...other, source: "bakery" })])).toEqual([]);
    const second = place({ ...store, translator: { ...stockDeliveries, name: "stock-audit" } });
    expect(await second.handle([arrival(other)])).toEqual([]);
    expect(await second.stored("inventory-fig")).toEqual(["StockReceived stock-audit/warehouse/1"]);
  });

  test("a rejection is a final answer: the event is done", async () => {
    const { handle, log } = place();
    await handle([arrival(delivered("2"))]);
    const tooMuch = delivered("1", { data: { article: "pear", pieces: Number.MAX_SAFE_INTEGER } });
    for (const _ of [1, 2]) expect(await handle([arrival(tooMuch)])).toEqual([]);
    expect(log.counted()).toEqual(["ForeignEventRejected"]);
  });

  test("an event that failed is open, and different data with its id is dead meanwhile", async () => {
    let fails = true;
    const through =
      (handle: HandleCommand): HandleCommand =>
      (command) => {
        if (fails) throw new Error("throttled");
        return handle(command);
      };
    const { handle, stored } = place({ through });
    expect(await handle([arrival(delivered("1"))])).toEqual([retry("1")]);
    fails = false;
    expect(await handle([arrival(other)])).toEqual(reused("1"));
    expect(await handle([arrival(delivered("1"))])).toEqual([]);
    expect(await stored()).toEqual([`StockReceived ${id("1")}`]);
  });

  test("it is remembered for 35 days", async () => {
    const { handle, pass, stored } = place();
    await handle([arrival(delivered("1"))]);
    pass(34 / 365);
    expect(await handle([arrival(other)])).toEqual(reused("1"));
    pass(2 / 365);
    expect(await handle([arrival(other)])).toEqual([]);
    expect(await stored("inventory-fig")).toHaveLength(1);
  });
});

describe("an event that its stream stored before the inbox existed", () => {
  const taken = async () => {
    const inbox = memoryInbox();
    let before = true;
    const receive: Inbox["receive"] = async (...entry) => (before ? "new" : inbox.receive(...entry));
    const done: Inbox["done"] = async (...entry) => (before ? undefined : inbox.done(...entry));
    const fixture = place({ inbox: { ...inbox, receive, done } });
    await fixture.handle([arrival(delivered("1"))]);
    before = false;
    return fixture;
  };
  const sameStream = delivered("1", { data: { article: "pear", pieces: 5 } });
  const reused = [dead("1", expect.stringMatching(/^event-id-reused: warehouse\/1 .*inventory-pear/))];

  test("is processed again without effect", async () => {
    const { handle, stored } = await taken();
    for (const _ of [1, 2]) expect(await handle([arrival(delivered("1"))])).toEqual([]);
    expect(await stored()).toHaveLength(1);
    expect(await handle([arrival(sameStream)])).toEqual(
      reused.map((each) => ({ ...each, because: expect.anything() })),
    );
  });

  test("keeps its id: different data for its stream is dead, and it can be processed again without effect", async () => {
    const { handle, stored } = await taken();
    for (const _ of [1, 2]) expect(await handle([arrival(sameStream)])).toEqual(reused);
    expect(await handle([arrival(delivered("1"))])).toEqual([]);
    expect(await stored()).toHaveLength(1);
  });
});

test("an event whose commit the store refuses permanently is dead at the first attempt", async () => {
  const refuse = () => Promise.reject(new PermanentError("too large"));
  const { handle } = place({ through: () => refuse });
  expect(await handle([arrival(delivered("1"))])).toEqual([dead("1", "refused: too large")]);
});

test("if others write to the stream all the time, the event is retried", async () => {
  const contended: Answer = { kind: "contended", version: 0, history: [] };
  const { handle } = place({ through: () => async () => contended });
  expect(await handle([arrival(delivered("1"))])).toEqual([retry("1")]);
});
