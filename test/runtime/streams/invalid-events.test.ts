/** The events of a decision are checked before they are stored. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { httpHandler } from "../../../lib/adapters/apigateway/http.ts";
import { reject } from "../../../lib/model/decider.ts";
import type { Message } from "../../../lib/model/message.ts";
import { donated, donatedBook, donationsOf, inspecting, sent } from "../../library/fixtures/donations.ts";

const inspect = sent({ type: "InspectBook", data: { bookId: "1" }, streamId: "book-1" }, "http/1");
const withData = (change: object): Message => ({ type: "BookDonated", data: { ...donated, ...change } });
const selfish: { itself?: unknown } = {};
selfish.itself = selfish;

describe("a decision is not stored, and its caller gets an error, if it has", () => {
  test.each<readonly [string, Message, event: string, field: string, because: string]>([
    ["a field of another type", withData({ price: "15" }), "BookDonated", "/price", "must be a number"],
    ["no data for a field", withData({ note: undefined }), "BookDonated", "/note", "must be text"],
    [
      "a date in a field of text",
      withData({ until: new Date(0) }),
      "BookDonated",
      "/until",
      "Date is not JSON",
    ],
    [
      "an element of another type",
      withData({ subjects: ["art", 1] }),
      "BookDonated",
      "/subjects/1",
      "must be text",
    ],
    [
      "an undefined element",
      withData({ subjects: [undefined] }),
      "BookDonated",
      "/subjects/0",
      "undefined is not",
    ],
    [
      "a date in a field that accepts anything",
      withData({ anything: new Date(0) }),
      "BookDonated",
      "/anything",
      "Date",
    ],
    [
      "NaN in a field that accepts anything",
      withData({ anything: [{ a: Number.NaN }] }),
      "BookDonated",
      "/anything/0/a",
      "NaN",
    ],
    [
      "a bigint in a field that accepts anything",
      withData({ anything: 1n }),
      "BookDonated",
      "/anything",
      "bigint",
    ],
    [
      "a map in a field that accepts anything",
      withData({ anything: new Map() }),
      "BookDonated",
      "/anything",
      "Map",
    ],
    [
      "a symbol as a key",
      withData({ anything: { [Symbol("a")]: 1 } }),
      "BookDonated",
      "/anything",
      "a symbol as a key",
    ],
    [
      "an object that contains itself",
      withData({ anything: selfish }),
      "BookDonated",
      "/anything",
      "contains itself",
    ],
    [
      "a field that the schema does not declare",
      withData({ secret: 1 }),
      "BookDonated",
      "/secret",
      "not declare",
    ],
    [
      "an event that its decider does not declare",
      { type: "BookBurnt", data: {} },
      "BookBurnt",
      "",
      "one of BookDonated",
    ],
    [
      "an event with the name of a method of JavaScript",
      { type: "toString", data: {} },
      "toString",
      "",
      "one of BookDonated",
    ],
    [
      "the name of a receipt",
      { type: "CommandIgnored", data: {} },
      "CommandIgnored",
      "",
      "one of BookDonated",
    ],
  ])("%s", async (_, decided, event, field, because) => {
    const { handle, stored, log } = donationsOf(inspecting(withData({}), decided));
    await expect(handle(inspect)).rejects.toMatchObject({ name: "InvalidEvent", decider: "book", event });
    expect(await stored()).toEqual([]);
    const [line, ...others] = log.entries().filter(({ kind }) => kind === "problem");
    expect(others).toEqual([]);
    expect(line).toMatchObject({ decider: "book", event, correlationId: "chain", streamId: "book-1" });
    expect(line?.field).toEqual(field === "/anything" ? expect.stringMatching(/^\/anything/) : field);
    expect(line?.message).toMatch(`decider book, event ${event}, `);
    expect(line?.message).toContain(because);
  });
});

test("an undefined field is absent from the answer and from the store", async () => {
  const { handle, stored } = donationsOf(
    inspecting(withData({ by: undefined, anything: { a: undefined, b: -0 } })),
  );
  const answer = await handle(inspect);
  const [event] = "events" in answer ? answer.events : [];
  expect(event?.data).toStrictEqual({ ...donated, anything: { b: 0 } });
  expect((await stored())[0]?.data).toStrictEqual(event?.data);
});

describe("a default that the schema adds", () => {
  const withDefault = (anything: z.ZodType) => ({
    ...inspecting({ type: "BookDonated", data: { bookId: "1" } }),
    events: { BookDonated: z.object({ bookId: z.string(), anything }) },
  });

  test("is stored, and in the answer", async () => {
    const { handle, stored } = donationsOf(withDefault(z.string().default("none")));
    const data = { bookId: "1", anything: "none" };
    expect(await handle(inspect)).toMatchObject({ events: [{ data }] });
    expect(await stored()).toEqual([{ type: "BookDonated", data }]);
  });

  test("must be JSON", async () => {
    const { handle, stored } = donationsOf(withDefault(z.unknown().default(() => new Date(0))));
    await expect(handle(inspect)).rejects.toMatchObject({ name: "InvalidEvent", field: "/anything" });
    expect(await stored()).toEqual([]);
  });
});

test("a receipt is stored whatever its decider declares", async () => {
  const decider = {
    ...donatedBook,
    decide: { ...donatedBook.decide, InspectBook: () => reject("damaged", "the book is damaged") },
  };
  const { handle, stored } = donationsOf(decider);
  expect(await handle({ ...inspect, metadata: { ...inspect.metadata, receipt: true } })).toMatchObject({
    kind: "rejected",
  });
  expect((await stored()).map(({ type }) => type)).toEqual(["CommandRejected"]);
});

test("over HTTP the caller gets a 500 without details", async () => {
  const { endpoint, stored, log } = donationsOf(inspecting(withData({ price: "15" })));
  const answer = await httpHandler(endpoint, { log, callers: "exempt" })({
    routeKey: "POST /donations/{bookId}/inspect",
    rawPath: "/donations/1/inspect",
    headers: { "x-correlation-id": "c-1" },
    pathParameters: { bookId: "1" },
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
    expect.objectContaining({ kind: "problem", decider: "book", field: "/price", correlationId: "c-1" }),
  );
});
