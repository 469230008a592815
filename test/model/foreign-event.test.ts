import { describe, expect, test } from "vitest";
import { toForeignEvent } from "../../lib/model/foreign-event.ts";

const event = {
  specversion: "1.0",
  id: "d-1",
  source: "warehouse",
  type: "StockDelivered",
  time: "2026-01-31T12:00:00+01:00",
  data: { article: "pear", pieces: 4 },
};

test("a CloudEvent of anybody is read, with what we know of its extensions", () => {
  const given = { ...event, subject: "d-1", correlationid: "c-1", traceparent: "00-1-2-01", weight: 3 };
  const { specversion: _, ...told } = event;
  expect(toForeignEvent(given)).toEqual({ ...told, correlationId: "c-1", traceparent: "00-1-2-01" });
});

test("neither time nor data has to be there", () => {
  const { id, source, type, specversion } = event;
  expect(toForeignEvent({ id, source, type, specversion })).toEqual({ id, source, type });
});

test("extensions of ours that others use for something else are not there", () => {
  expect(toForeignEvent({ ...event, correlationid: 7, traceparent: "" })).toMatchObject({ id: "d-1" });
});

describe("is no CloudEvent", () => {
  test.each([
    ["nothing", undefined, "expected object"],
    ["a list", [], "expected object"],
    ["one of another version", { ...event, specversion: "0.3" }, "specversion"],
    ["one without an id", { ...event, id: "" }, "id"],
    ["one whose id is half a character", { ...event, id: "\ud800" }, "id"],
    ["one with an id longer than any name", { ...event, id: "1".repeat(1025) }, "id"],
    ["one of nobody", { ...event, source: undefined }, "source"],
    ["one of no type", { ...event, type: 1 }, "type"],
    ["one of no time there is", { ...event, time: "yesterday" }, "time"],
  ])("%s", (_, given, where) => {
    expect(() => toForeignEvent(given)).toThrow(/^no CloudEvent/);
    expect(() => toForeignEvent(given)).toThrow(where);
  });
});
