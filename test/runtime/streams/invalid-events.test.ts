/** What a decider decides is checked before it is stored. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { httpHandler } from "../../../lib/adapters/apigateway/http.ts";
import { reject } from "../../../lib/model/decider.ts";
import type { Message } from "../../../lib/model/message.ts";
import { gift, sent, shopOf, spoiling, wrapped } from "../gifts.ts";

const spoil = sent({ type: "SpoilGift", data: { giftId: "1" }, streamId: "gift-1" }, "http/1");
const withData = (change: object): Message => ({ type: "GiftWrapped", data: { ...wrapped, ...change } });
const selfish: { itself?: unknown } = {};
selfish.itself = selfish;

describe("a decision stores nothing, and its caller gets a fault, if it has", () => {
  test.each<readonly [string, Message, event: string, field: string, because: string]>([
    ["a field of another type", withData({ price: "15" }), "GiftWrapped", "/price", "must be a number"],
    ["no data for a field", withData({ note: undefined }), "GiftWrapped", "/note", "must be text"],
    [
      "a date in a field of text",
      withData({ until: new Date(0) }),
      "GiftWrapped",
      "/until",
      "Date is not JSON",
    ],
    [
      "an element of another type",
      withData({ colours: ["red", 1] }),
      "GiftWrapped",
      "/colours/1",
      "must be text",
    ],
    [
      "an undefined element",
      withData({ colours: [undefined] }),
      "GiftWrapped",
      "/colours/0",
      "undefined is not",
    ],
    ["a date where anything fits", withData({ anything: new Date(0) }), "GiftWrapped", "/anything", "Date"],
    [
      "NaN where anything fits",
      withData({ anything: [{ a: Number.NaN }] }),
      "GiftWrapped",
      "/anything/0/a",
      "NaN",
    ],
    ["a bigint where anything fits", withData({ anything: 1n }), "GiftWrapped", "/anything", "bigint"],
    ["a map where anything fits", withData({ anything: new Map() }), "GiftWrapped", "/anything", "Map"],
    [
      "a symbol as a key",
      withData({ anything: { [Symbol("a")]: 1 } }),
      "GiftWrapped",
      "/anything",
      "a symbol as a key",
    ],
    ["what contains itself", withData({ anything: selfish }), "GiftWrapped", "/anything", "contains itself"],
    [
      "a field that the schema does not declare",
      withData({ secret: 1 }),
      "GiftWrapped",
      "/secret",
      "not declare",
    ],
    [
      "an event that is none of its decider's",
      { type: "GiftBurnt", data: {} },
      "GiftBurnt",
      "",
      "one of GiftWrapped",
    ],
    [
      "an event with a name of JavaScript's",
      { type: "toString", data: {} },
      "toString",
      "",
      "one of GiftWrapped",
    ],
    [
      "the name of a receipt",
      { type: "CommandIgnored", data: {} },
      "CommandIgnored",
      "",
      "one of GiftWrapped",
    ],
  ])("%s", async (_, decided, event, field, because) => {
    const { handle, stored, log } = shopOf(spoiling(withData({}), decided));
    await expect(handle(spoil)).rejects.toMatchObject({ name: "InvalidEvent", decider: "gift", event });
    expect(await stored()).toEqual([]);
    const [line, ...others] = log.entries().filter(({ kind }) => kind === "problem");
    expect(others).toEqual([]);
    expect(line).toMatchObject({ decider: "gift", event, correlationId: "chain", streamId: "gift-1" });
    expect(line?.field).toEqual(field === "/anything" ? expect.stringMatching(/^\/anything/) : field);
    expect(line?.message).toMatch(`decider gift, event ${event}, `);
    expect(line?.message).toContain(because);
  });
});

test("an undefined field is an absent one, in the answer and in the store", async () => {
  const { handle, stored } = shopOf(spoiling(withData({ by: undefined, anything: { a: undefined, b: -0 } })));
  const answer = await handle(spoil);
  const [event] = "events" in answer ? answer.events : [];
  expect(event?.data).toStrictEqual({ ...wrapped, anything: { b: 0 } });
  expect((await stored())[0]?.data).toStrictEqual(event?.data);
});

describe("what a default of the schema adds", () => {
  const withDefault = (anything: z.ZodType) => ({
    ...spoiling({ type: "GiftWrapped", data: { giftId: "1" } }),
    events: { GiftWrapped: z.object({ giftId: z.string(), anything }) },
  });

  test("is stored, and in the answer", async () => {
    const { handle, stored } = shopOf(withDefault(z.string().default("none")));
    const data = { giftId: "1", anything: "none" };
    expect(await handle(spoil)).toMatchObject({ events: [{ data }] });
    expect(await stored()).toEqual([{ type: "GiftWrapped", data }]);
  });

  test("is JSON too", async () => {
    const { handle, stored } = shopOf(withDefault(z.unknown().default(() => new Date(0))));
    await expect(handle(spoil)).rejects.toMatchObject({ name: "InvalidEvent", field: "/anything" });
    expect(await stored()).toEqual([]);
  });
});

test("a receipt is stored whatever it says", async () => {
  const decider = { ...gift, decide: { ...gift.decide, SpoilGift: () => reject("spoilt", "it is spoilt") } };
  const { handle, stored } = shopOf(decider);
  expect(await handle({ ...spoil, metadata: { ...spoil.metadata, receipt: true } })).toMatchObject({
    kind: "rejected",
  });
  expect((await stored()).map(({ type }) => type)).toEqual(["CommandRejected"]);
});

test("over HTTP it is a 500 without details", async () => {
  const { endpoint, stored, log } = shopOf(spoiling(withData({ price: "15" })));
  const answer = await httpHandler(
    endpoint,
    log,
  )({
    routeKey: "POST /gifts/{giftId}/spoil",
    rawPath: "/gifts/1/spoil",
    headers: { "x-correlation-id": "c-1" },
    pathParameters: { giftId: "1" },
    isBase64Encoded: false,
    requestContext: { requestId: "r-1", http: { method: "POST" } },
  });
  expect(answer.statusCode).toBe(500);
  expect(JSON.parse(answer.body)).toEqual({
    type: "urn:eventfold:problem:internal",
    title: "This is our fault",
    status: 500,
    requestId: "r-1",
  });
  expect(await stored()).toEqual([]);
  expect(log.entries()).toContainEqual(
    expect.objectContaining({ kind: "problem", decider: "gift", field: "/price", correlationId: "c-1" }),
  );
});
