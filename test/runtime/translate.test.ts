import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { inventory, receiveStock } from "../../lib/domain/inventory.ts";
import { stockDeliveries } from "../../lib/domain/stock-deliveries.ts";
import type { ForeignEvent } from "../../lib/model/foreign-event.ts";
import type { SentCommand } from "../../lib/model/message.ts";
import type { AnyTranslator } from "../../lib/model/translator.ts";
import { again, dead, type ForeignDelivery } from "../../lib/ports/delivery.ts";
import { PermanentError } from "../../lib/ports/permanent-error.ts";
import { type Answer, commandHandler, type HandleCommand } from "../../lib/runtime/handle-command.ts";
import { intake } from "../../lib/runtime/translate.ts";

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
  /** What is between the intake and the handler of commands. */
  readonly through?: (handle: HandleCommand) => HandleCommand;
};

const place = ({ translator = stockDeliveries, through = (handle) => handle }: PlaceOptions = {}) => {
  const store = memoryEventStore();
  const log = memoryLog();
  let now = Date.parse("2026-01-31T12:00:00Z");
  const handle = commandHandler(
    { name: "shop", deciders: [inventory] },
    { store, log, clock: () => new Date(now), sleep: async () => {}, random: () => 0 },
  );
  const stored = async (streamId: `${string}-${string}` = "inventory-pear") =>
    (await store.read(streamId, { consistency: "strong" })).map(
      ({ id, events: [{ type }] }) => `${type} ${id}`,
    );
  const pass = (years: number) => {
    now += years * 365 * 86_400_000;
  };
  const problems = () => log.entries().flatMap(({ kind, message }) => (kind === "problem" ? [message] : []));
  return { handle: intake(translator, { handle: through(handle), log }), stored, pass, problems, log };
};

const id = (event: string) => `stock-deliveries/warehouse/${event}`;

describe("an event is taken once", () => {
  test("however often it comes, one after the other or with years in between", async () => {
    const { handle, stored, pass } = place();
    expect(await handle([arrival(delivered("1"))])).toEqual([]);
    expect(await handle([arrival(delivered("1"), "again")])).toEqual([]);
    for (let more = 2; more < 20; more += 1) await handle([arrival(delivered(`${more}`))]);
    pass(3);
    expect(await handle([arrival(delivered("1"), "late")])).toEqual([]);
    expect((await stored()).filter((each) => each.endsWith("/1"))).toEqual([`StockReceived ${id("1")}`]);
    expect(await stored()).toHaveLength(19);
  });

  test("whoever else has it at the same time", async () => {
    const { handle, stored } = place();
    const ten = Array.from({ length: 10 }, (_, copy) => arrival(delivered("1"), `copy ${copy}`));
    const answers = await Promise.all([handle(ten), handle(ten)]);
    expect(answers).toEqual([[], []]);
    expect(await stored()).toEqual([`StockReceived ${id("1")}`]);
  });

  test("and were it not for the id of the command, each delivery would be another", async () => {
    let count = 0;
    const renamed = (command: SentCommand): SentCommand => {
      count += 1;
      return { ...command, metadata: { ...command.metadata, id: `${count}` } };
    };
    const { handle, stored } = place({ through: (handle) => (command) => handle(renamed(command)) });
    await handle([arrival(delivered("1"))]);
    await handle([arrival(delivered("1"), "again")]);
    expect(await stored()).toEqual(["StockReceived 1", "StockReceived 2"]);
  });

  test("whoever dies after storing is followed by one who finds it stored", async () => {
    let dies = true;
    const { handle, stored } = place({
      through: (handle) => async (command) => {
        const answer = await handle(command);
        if (dies) throw new Error("died");
        return answer;
      },
    });
    expect(await handle([arrival(delivered("1"))])).toEqual([again("1")]);
    dies = false;
    expect(await handle([arrival(delivered("1"))])).toEqual([]);
    expect(await stored()).toEqual([`StockReceived ${id("1")}`]);
  });
});

describe("what the business rejects", () => {
  const tooMuch = delivered("2", { data: { article: "pear", pieces: Number.MAX_SAFE_INTEGER } });

  test("is answered for good by a receipt in the stream, and told to operators", async () => {
    const { handle, stored, problems, log } = place();
    await handle([arrival(delivered("1"))]);
    expect(await handle([arrival(tooMuch)])).toEqual([]);
    expect(await handle([arrival(tooMuch)])).toEqual([]);
    expect(await stored()).toEqual([`StockReceived ${id("1")}`, `CommandRejected ${id("2")}`]);
    expect(problems()[0]).toMatch(/^stock-deliveries\/warehouse\/2 of warehouse is rejected: too-much/);
    expect(log.counted()).toEqual(["ForeignEventRejected", "ForeignEventRejected"]);
  });
});

describe("what can never be taken is dead at the first attempt, and holds up nothing beside it", () => {
  const deadOf = async (event: ForeignEvent, translator: Partial<AnyTranslator> = {}) => {
    const { handle, stored } = place({ translator: { ...stockDeliveries, ...translator } });
    const outcomes = await handle([arrival(event, "bad"), arrival(delivered("2"))]);
    return { outcome: outcomes.find((each) => each.id === "bad"), stored: await stored() };
  };

  test("an event that breaks the schema, with the field that is wrong", async () => {
    const { outcome, stored } = await deadOf(delivered("1", { data: { article: "pear" } }));
    expect(outcome).toEqual(dead("bad", expect.stringMatching(/^untranslatable: .*1[\s\S]*pieces/)));
    expect(stored).toEqual([`StockReceived ${id("2")}`]);
  });

  test("an event of another type", async () => {
    const { outcome } = await deadOf(delivered("1", { type: "StockCounted" }));
    expect(outcome).toEqual(dead("bad", expect.stringMatching(/^untranslatable: .*StockCounted/)));
  });

  test("an event on which the translation throws", async () => {
    const make = () => {
      throw new TypeError("no shelf");
    };
    const { outcome } = await deadOf(delivered("1"), { send: { command: receiveStock, make } });
    expect(outcome).toEqual(dead("bad", "untranslatable: no shelf"));
  });

  test("an event whose command breaks the schema of that command", async () => {
    const make = () => [receiveStock({ sku: "pear", quantity: -1 })];
    const { outcome, stored } = await deadOf(delivered("1"), { send: { command: receiveStock, make } });
    expect(outcome).toEqual(
      dead("bad", expect.stringMatching(/^untranslatable: .*ReceiveStock[\s\S]*quantity/)),
    );
    expect(stored).toEqual([]);
  });

  test("an event under an id whose stream knows another", async () => {
    const { handle, stored } = place();
    await handle([arrival(delivered("1"))]);
    const other = delivered("1", { data: { article: "pear", pieces: 5 } });
    expect(await handle([arrival(other)])).toEqual([
      dead("1", expect.stringMatching(/^event-id-reused: warehouse\/1 .*inventory-pear/)),
    ]);
    expect(await stored()).toHaveLength(1);
  });
});

test("an event whose commit the store refuses for good is dead at the first attempt", async () => {
  const refuse = () => Promise.reject(new PermanentError("too large"));
  const { handle } = place({ through: () => refuse });
  expect(await handle([arrival(delivered("1"))])).toEqual([dead("1", "refused: too large")]);
});

test("a stream that others write to all the time has the event come again", async () => {
  const contended: Answer = { kind: "contended", version: 0, history: [] };
  const { handle } = place({ through: () => async () => contended });
  expect(await handle([arrival(delivered("1"))])).toEqual([again("1")]);
});
