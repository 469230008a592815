/** A command is parsed once, wherever it comes from: a schema that transforms must not meet its own output. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInbox } from "../../../lib/adapters/memory/inbox.ts";
import { memoryLedger } from "../../../lib/adapters/memory/ledger.ts";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import type { Effect } from "../../../lib/model/effect.ts";
import { sending } from "../../../lib/model/saga.ts";
import type { AnyTranslator, Translator } from "../../../lib/model/translator.ts";
import { retry } from "../../../lib/ports/delivery.ts";
import type { EventStore } from "../../../lib/ports/event-store.ts";
import { performer } from "../../../lib/runtime/handlers/perform.ts";
import { intake } from "../../../lib/runtime/handlers/translate.ts";
import {
  gift,
  type giftWrapped,
  giftWrapped as onWrapped,
  sent,
  shopOf,
  wrap,
  wrapGift,
  wrapped,
} from "../gifts.ts";

const bodyOf = ({ body }: { readonly body: string }): unknown => JSON.parse(body);

describe("over HTTP", () => {
  test("every transform of a command runs once", async () => {
    const { ask, stored, parses } = shopOf();
    expect(await ask({ body: wrap })).toMatchObject({ status: 202 });
    expect(await stored()).toEqual([{ type: "GiftWrapped", data: wrapped }]);
    expect(parses()).toBe(1);
  });

  test.each([
    ["a field", { ...wrap, gift: true }, "/gift"],
    [
      "a field of what a transform takes apart",
      { ...wrap, ribbon: { colour: "gold", width: 1 } },
      "/ribbon/width",
    ],
    ["a field of what a codec decodes", { ...wrap, price: { ...wrap.price, tax: 1 } }, "/price/tax"],
    ["a field of one of several shapes", { ...wrap, card: { text: "hi", font: "serif" } }, "/card/font"],
  ])("%s that the schema does not declare is refused by name", async (_, body, pointer) => {
    const { ask, stored } = shopOf();
    const answer = await ask({ body });
    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ errors: [{ pointer, detail: "unknown field" }] });
    expect(await stored()).toEqual([]);
  });

  test.each([
    ["weight", "12345678901234567890"],
    ["anything", "[1e999]"],
  ])(
    "a number that cannot be kept is refused, also where its schema accepts it: %s",
    async (name, number) => {
      const { ask, stored } = shopOf();
      const answer = await ask({ body: JSON.stringify(wrap).replace("{", `{"${name}":${number},`) });
      expect(answer.status).toBe(400);
      expect(bodyOf(answer)).toMatchObject({
        errors: [{ pointer: expect.stringMatching(name), detail: "the number cannot be kept exactly" }],
      });
      expect(await stored()).toEqual([]);
    },
  );

  test.each([
    ["__proto__", "unknown field"],
    ["\\u0061", "the field appears twice"],
  ])("where anything fits, a field %s is refused too", async (name, detail) => {
    const { ask, stored } = shopOf();
    const answer = await ask({
      body: JSON.stringify(wrap).replace("{", `{"anything":{"a":1,"${name}":{}},`),
    });
    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toMatchObject({
      errors: [{ pointer: expect.stringMatching("^/anything/"), detail }],
    });
    expect(await stored()).toEqual([]);
  });

  test("of several shapes the one that declares every field is taken", async () => {
    const { ask } = shopOf();
    expect(await ask({ body: { ...wrap, card: { text: "hi", picture: "cat" } } })).toMatchObject({
      status: 202,
    });
  });

  test("a missing field and a misspelt one are named together", async () => {
    const { note, ...others } = wrap;
    const answer = await shopOf().ask({ body: { ...others, notes: note } });
    expect(bodyOf(answer)).toMatchObject({ errors: [{ pointer: "/note" }, { pointer: "/notes" }] });
  });
});

/** The first commit that is appended meets this one. */
const raced = (): EventStore => {
  const store = memoryEventStore();
  let isFirst = true;
  return {
    ...store,
    append: async (commit) => {
      if (isFirst) await store.append({ ...commit, id: "http/other" });
      isFirst = false;
      return store.append(commit);
    },
  };
};

describe("sent from inside", () => {
  test("a command is parsed when it is handled, once, however often it is decided", async () => {
    const { handle, stored, parses } = shopOf(gift, raced());
    expect(await handle(sent(wrapGift(wrap), "lending/1/wrap", true))).toMatchObject({ kind: "accepted" });
    expect(await stored()).toEqual(Array(2).fill({ type: "GiftWrapped", data: wrapped }));
    expect(parses()).toBe(1);
  });

  test("a command that was answered before is not parsed: its schema may have changed since", async () => {
    const { store, handle } = shopOf();
    await handle(sent(wrapGift(wrap), "lending/1/wrap", true));
    const WrapGift = z.object({ giftId: z.string(), note: z.string().min(100) });
    const narrower: AnyDecider = { ...gift, commands: { ...gift.commands, WrapGift } };
    const later = shopOf(narrower, store);
    expect(await later.handle(sent(wrapGift(wrap), "lending/1/wrap", true))).toMatchObject({
      repeated: true,
    });
    await expect(later.handle(sent(wrapGift(wrap), "lending/1/other", true))).rejects.toThrow("note");
  });

  test("the command of an effect is parsed once, also after a crash, when the ledger has it", async () => {
    const { handle, stored, parses, log } = shopOf();
    const effect: Effect<typeof giftWrapped, undefined, typeof wrapGift> = {
      name: "wrap-another",
      on: onWrapped,
      answers: [wrapGift],
      uses: {},
      perform: async () => wrapGift(wrap),
    };
    const ledger = memoryLedger();
    let crashes = true;
    const perform = performer(effect, {
      ledger,
      handle: async (command) => {
        if (crashes) throw new Error("crashed");
        return handle(JSON.parse(JSON.stringify(command)));
      },
      services: undefined,
      clock: () => new Date(0),
      sleep: () => new Promise(() => {}),
      log,
    });
    const event = {
      type: "GiftWrapped",
      data: { ...wrapped, giftId: "2" },
      metadata: {
        id: "gift-2@1",
        streamId: "gift-2",
        version: 1,
        recordedAt: "2026-01-01T00:00:00.000Z",
        commandId: "c",
        causationId: "c",
        correlationId: "c",
      },
    } as const;
    expect(await perform([{ id: "1", receiveCount: 1, kind: "event", event }])).toEqual([retry("1")]);
    crashes = false;
    expect(await perform([{ id: "1", receiveCount: 2, kind: "event", event }])).toEqual([]);
    expect(await stored()).toEqual([{ type: "GiftWrapped", data: wrapped }]);
    expect(parses()).toBe(1);
  });

  test("a foreign event is parsed by its own schema, and its command by the command's", async () => {
    const { handle, stored, parses, log } = shopOf();
    const bought = z.object({ gift: z.string().transform((id) => id.slice(1)), note: z.string().trim() });
    const translator: Translator<typeof bought> = {
      name: "purchases",
      source: "market",
      channel: "purchases",
      type: "Bought",
      schema: bought,
      send: sending(wrapGift, ({ data }) => ({ ...wrap, giftId: data.gift, note: data.note })),
    };
    const foreign: AnyTranslator = translator;
    const event = { id: "1", source: "market", type: "Bought", data: { gift: "#1", note: " hi " } };
    expect(
      await intake(foreign, { handle, inbox: memoryInbox(), clock: () => new Date(0), log })([
        { id: "1", receiveCount: 1, event },
      ]),
    ).toEqual([]);
    expect(await stored()).toEqual([{ type: "GiftWrapped", data: wrapped }]);
    expect(parses()).toBe(1);
  });
});
