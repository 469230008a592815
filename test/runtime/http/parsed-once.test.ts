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
  type bookDonated,
  donateBook,
  donated,
  donatedBook,
  donation,
  donationsOf,
  bookDonated as onDonated,
  sent,
} from "../../library/fixtures/donations.ts";

const bodyOf = ({ body }: { readonly body: string }): unknown => JSON.parse(body);

describe("over HTTP", () => {
  test("every transform of a command runs once", async () => {
    const { ask, stored, parses } = donationsOf();
    expect(await ask({ body: donation })).toMatchObject({ status: 202 });
    expect(await stored()).toEqual([{ type: "BookDonated", data: donated }]);
    expect(parses()).toBe(1);
  });

  test.each([
    ["a field", { ...donation, gift: true }, "/gift"],
    [
      "a field of an object that a transform reads",
      { ...donation, shelf: { room: "reading", width: 1 } },
      "/shelf/width",
    ],
    [
      "a field of an object that a codec decodes",
      { ...donation, price: { ...donation.price, tax: 1 } },
      "/price/tax",
    ],
    [
      "a field of one of several shapes",
      { ...donation, dedication: { text: "hi", font: "serif" } },
      "/dedication/font",
    ],
  ])("%s that the schema does not declare is refused by name", async (_, body, pointer) => {
    const { ask, stored } = donationsOf();
    const answer = await ask({ body });
    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ errors: [{ pointer, detail: "unknown field" }] });
    expect(await stored()).toEqual([]);
  });

  test.each([
    ["weight", "12345678901234567890"],
    ["anything", "[1e999]"],
  ])("a number that loses digits is refused even if its schema accepts it: %s", async (name, number) => {
    const { ask, stored } = donationsOf();
    const answer = await ask({ body: JSON.stringify(donation).replace("{", `{"${name}":${number},`) });
    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toMatchObject({
      errors: [{ pointer: expect.stringMatching(name), detail: "the number cannot be kept exactly" }],
    });
    expect(await stored()).toEqual([]);
  });

  test.each([
    ["__proto__", "unknown field"],
    ["\\u0061", "the field appears twice"],
  ])("a field %s is refused even if the schema accepts anything", async (name, detail) => {
    const { ask, stored } = donationsOf();
    const answer = await ask({
      body: JSON.stringify(donation).replace("{", `{"anything":{"a":1,"${name}":{}},`),
    });
    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toMatchObject({
      errors: [{ pointer: expect.stringMatching("^/anything/"), detail }],
    });
    expect(await stored()).toEqual([]);
  });

  test("if several shapes fit, the one that declares every field is used", async () => {
    const { ask } = donationsOf();
    expect(await ask({ body: { ...donation, dedication: { text: "hi", picture: "cat" } } })).toMatchObject({
      status: 202,
    });
  });

  test("a missing field and a misspelt one are named together", async () => {
    const { note, ...others } = donation;
    const answer = await donationsOf().ask({ body: { ...others, notes: note } });
    expect(bodyOf(answer)).toMatchObject({ errors: [{ pointer: "/note" }, { pointer: "/notes" }] });
  });
});

/** Another commit gets in before the first one that is appended. */
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
  test("a command is parsed once when it is handled, even if it is decided twice", async () => {
    const { handle, stored, parses } = donationsOf(donatedBook, raced());
    expect(await handle(sent(donateBook(donation), "lending/1/donation", true))).toMatchObject({
      kind: "accepted",
    });
    expect(await stored()).toEqual(Array(2).fill({ type: "BookDonated", data: donated }));
    expect(parses()).toBe(1);
  });

  test("a command that already has an answer is not parsed: its schema may have changed", async () => {
    const { store, handle } = donationsOf();
    await handle(sent(donateBook(donation), "lending/1/donation", true));
    const DonateBook = z.object({ bookId: z.string(), note: z.string().min(100) });
    const narrower: AnyDecider = { ...donatedBook, commands: { ...donatedBook.commands, DonateBook } };
    const later = donationsOf(narrower, store);
    expect(await later.handle(sent(donateBook(donation), "lending/1/donation", true))).toMatchObject({
      repeated: true,
    });
    await expect(later.handle(sent(donateBook(donation), "lending/1/other", true))).rejects.toThrow("note");
  });

  test("the command of an effect is parsed once, also after a crash that leaves it in the ledger", async () => {
    const { handle, stored, parses, log } = donationsOf();
    const effect: Effect<typeof bookDonated, undefined, typeof donateBook> = {
      name: "donation-another",
      on: onDonated,
      answers: [donateBook],
      uses: {},
      perform: async () => donateBook(donation),
    };
    const ledger = memoryLedger();
    let crashes = true;
    const perform = performer(effect, {
      current: (stored) => [stored],
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
      type: "BookDonated",
      data: { ...donated, bookId: "2" },
      metadata: {
        id: "book-2@1",
        streamId: "book-2",
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
    expect(await stored()).toEqual([{ type: "BookDonated", data: donated }]);
    expect(parses()).toBe(1);
  });

  test("a foreign event is parsed with its own schema, and its command with the schema of the command", async () => {
    const { handle, stored, parses, log } = donationsOf();
    const bought = z.object({ book: z.string().transform((id) => id.slice(1)), note: z.string().trim() });
    const translator: Translator<typeof bought> = {
      name: "purchases",
      source: "market",
      channel: "purchases",
      type: "Bought",
      schema: bought,
      send: sending(donateBook, ({ data }) => ({ ...donation, bookId: data.book, note: data.note })),
    };
    const foreign: AnyTranslator = translator;
    const event = { id: "1", source: "market", type: "Bought", data: { book: "#1", note: " hi " } };
    expect(
      await intake(foreign, { handle, inbox: memoryInbox(), clock: () => new Date(0), log })([
        { id: "1", receiveCount: 1, event },
      ]),
    ).toEqual([]);
    expect(await stored()).toEqual([{ type: "BookDonated", data: donated }]);
    expect(parses()).toBe(1);
  });
});
