/** Gifts: commands that transform what they accept, and that count how often they do. */
import * as z from "zod";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { memoryIdempotencyKeys } from "../../lib/adapters/memory/idempotency-keys.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import type { Decider } from "../../lib/model/decider.ts";
import type { Command, Message, SentCommand } from "../../lib/model/message.ts";
import { command, event } from "../../lib/model/reference.ts";
import type { EventStore } from "../../lib/ports/event-store.ts";
import { commandEndpoint } from "../../lib/runtime/http/command-endpoint.ts";
import { commandHandler } from "../../lib/runtime/streams/handle-command.ts";
import { type Asked, toRequest } from "./gateway.ts";

const giftId = z.string().min(1);
let parses = 0;

const counted = z.string().transform((text) => {
  parses += 1;
  return `<${text}>`;
});

const money = z.codec(z.object({ amount: z.string(), currency: z.string() }), z.int(), {
  decode: ({ amount }) => Number(amount),
  encode: (cents) => ({ amount: String(cents), currency: "EUR" }),
});

const commands = {
  WrapGift: z.object({
    giftId,
    note: counted,
    wrapped: z.stringbool(),
    until: z.coerce.date(),
    price: money,
    colours: z.preprocess(
      (value) => (typeof value === "string" ? value.split(",") : value),
      z.array(z.string()),
    ),
    ribbon: z.object({ colour: z.string() }).transform(({ colour }) => colour),
    card: z
      .union([z.strictObject({ text: z.string() }), z.object({ picture: z.string(), text: z.string() })])
      .optional(),
    size: z.enum(["s", "m"]).catch("m"),
    weight: z.number().optional(),
    anything: z.unknown().optional(),
  }),
  /** What it decides is up to the test. */
  SpoilGift: z.object({ giftId }),
};

const events = {
  GiftWrapped: z.object({
    giftId,
    note: z.string(),
    wrapped: z.boolean(),
    until: z.iso.datetime(),
    price: z.int(),
    colours: z.array(z.string()),
    ribbon: z.string(),
    size: z.string(),
    weight: z.number().optional(),
    by: z.string().optional(),
    anything: z.unknown().optional(),
  }),
};

export const gift: Decider<undefined, typeof commands, typeof events, readonly ["spoilt"]> = {
  name: "gift",
  identifiedBy: "giftId",
  commands,
  events,
  rejections: ["spoilt"],
  initialState: undefined,
  decide: {
    WrapGift: ({ data: { card: _, until, ...data } }) => [
      { type: "GiftWrapped", data: { ...data, until: until.toISOString(), by: undefined } },
    ],
    SpoilGift: () => [],
  },
  evolve: { GiftWrapped: () => undefined },
};

export const wrapGift = command(gift, "WrapGift");
export const giftWrapped = event(gift, "GiftWrapped");

/** As a client sends it. */
export const wrap = {
  giftId: "1",
  note: "hi",
  wrapped: "yes",
  until: "2026-01-02",
  price: { amount: "1500", currency: "EUR" },
  colours: "red,blue",
  ribbon: { colour: "gold" },
  size: "s" as const,
};

/** As it is stored, each field transformed once. */
export const wrapped = {
  giftId: "1",
  note: "<hi>",
  wrapped: true,
  until: "2026-01-02T00:00:00.000Z",
  price: 1500,
  colours: ["red", "blue"],
  ribbon: "gold",
  size: "s",
};

export const metadata = (id: string, receipt = false): SentCommand["metadata"] => ({
  id,
  causationId: "cause",
  correlationId: "chain",
  issuedAt: "2026-01-01T00:00:00.000Z",
  receipt,
});

export const sent = (command: Command, id: string, receipt = false): SentCommand => ({
  ...command,
  metadata: metadata(id, receipt),
});

/** A decider whose SpoilGift decides on these, whatever its types say. */
export const spoiling = (...decided: readonly Message[]) => ({
  ...gift,
  decide: { ...gift.decide, SpoilGift: () => decided },
});

export const shopOf = (
  decider: Parameters<typeof commandHandler>[0]["deciders"][number] = gift,
  over?: EventStore,
) => {
  const store = over ?? memoryEventStore();
  const log = memoryLog();
  const clock = () => new Date("2026-01-01T00:00:00.000Z");
  const application = {
    name: "gifts",
    deciders: [decider],
    routes: [
      { method: "POST", path: "/gifts", access: "public", command: wrapGift },
      {
        method: "POST",
        path: "/gifts/{giftId}/spoil",
        access: "public",
        command: command(gift, "SpoilGift"),
      },
    ],
  } as const;
  const handle = commandHandler(application, { store, clock, log, sleep: async () => {}, random: () => 0 });
  const keys = { keys: memoryIdempotencyKeys(), sleep: async () => {} };
  const endpoint = commandEndpoint(application, { handle, newId: () => "new", clock, log, ...keys });
  const before = parses;
  return {
    store,
    log,
    handle,
    endpoint,
    ask: (asked: Pick<Asked, "body">) =>
      endpoint(
        toRequest(application, {
          method: "POST",
          path: "/gifts",
          headers: { "content-type": "application/json" },
          ...asked,
        }),
      ),
    parses: () => parses - before,
    stored: async () =>
      (await store.read("gift-1", { consistency: "strong" })).flatMap(({ events }) => events),
  };
};
