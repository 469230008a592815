import { describe, expect, test } from "vitest";
import { toForeignEvent } from "../../../lib/model/events/foreign-event.ts";

const event = {
  specversion: "1.0",
  id: "d-1",
  source: "warehouse",
  type: "StockDelivered",
  time: "2026-01-31T12:00:00+01:00",
  data: { article: "pear", pieces: 4 },
};

test("a CloudEvent of any system is read, with the extensions that we know", () => {
  const given = { ...event, subject: "d-1", correlationid: "c-1", traceparent: "00-1-2-01", weight: 3 };
  const { specversion: _, ...told } = event;
  expect(toForeignEvent(given)).toEqual({ ...told, correlationId: "c-1", traceparent: "00-1-2-01" });
});

test("time and data are optional", () => {
  const { id, source, type, specversion } = event;
  expect(toForeignEvent({ id, source, type, specversion })).toEqual({ id, source, type });
});

test("our extensions are absent if another system uses them for something else", () => {
  expect(toForeignEvent({ ...event, correlationid: 7, traceparent: "" })).toMatchObject({ id: "d-1" });
});

test("attributes that are null count as absent", () => {
  const { specversion: _, time: __, ...told } = event;
  const given = { ...event, time: null, correlationid: null, traceparent: null, subject: null };
  expect(toForeignEvent({ ...given, datacontenttype: null, data_base64: null })).toEqual(told);
});

test.each([
  ["a lower-case t and z", "2026-01-31t12:00:00z", "2026-01-31T12:00:00Z"],
  ["nine digits of a second", "2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123456789Z"],
  ["a leap second", "2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999Z"],
])("a time with %s is read", (_, given, time) => {
  expect(toForeignEvent({ ...event, time: given })).toMatchObject({ time });
});

describe("data", () => {
  const { data, ...without } = event;
  const encode = (text: string | Uint8Array) => Buffer.from(text).toString("base64");
  const base64 = encode(JSON.stringify({ ...data, note: "Größe" }));

  test.each([undefined, null, "application/json; charset=utf-8", "text/json", "application/vnd.x+JSON"])(
    "in data_base64 are decoded as JSON if the content type is %s",
    (datacontenttype) => {
      expect(toForeignEvent({ ...without, datacontenttype, data_base64: base64 })).toMatchObject({
        data: { ...data, note: "Größe" },
      });
    },
  );

  test.each(["text/csv", "application/jsonl", "application/json-seq", "json"])(
    "in data_base64 are bytes if the content type is %s",
    (datacontenttype) => {
      const { data } = toForeignEvent({ ...without, datacontenttype, data_base64: base64 });
      expect(data).toEqual(new Uint8Array(Buffer.from(base64, "base64")));
    },
  );

  test("may be null, which is not the absence of data", () => {
    expect(toForeignEvent({ ...event, data: null })).toHaveProperty("data", null);
    expect(toForeignEvent({ ...event, data: null, data_base64: encode("[1]") })).toHaveProperty("data", [1]);
  });

  test("that are a string of JSON stay a string", () => {
    expect(toForeignEvent({ ...event, data: '{"a":1}' })).toHaveProperty("data", '{"a":1}');
  });

  test.each([
    ["in both members", { ...event, data_base64: base64 }, "expected data or data_base64, got both"],
    ["not in Base64", { ...without, data_base64: "e30" }, "expected data_base64 to be Base64"],
    ["in Base64 with spaces", { ...without, data_base64: "e3 0=" }, "expected data_base64 to be Base64"],
    ["not a string in data_base64", { ...without, data_base64: 7 }, "expected data_base64 to be Base64"],
    ["not JSON", { ...without, data_base64: encode("{") }, "JSON"],
    [
      "with a duplicate key",
      { ...without, data_base64: encode('{"a":1,"a":2}') },
      "JSON at /a: the field appears twice",
    ],
    ["not UTF-8", { ...without, data_base64: encode(Uint8Array.of(0x22, 0xe9, 0x22)) }, "not valid"],
  ])("%s are refused", (_, given, because) => {
    expect(() => toForeignEvent(given)).toThrow(/^expected a CloudEvent/);
    expect(() => toForeignEvent(given)).toThrow(because);
  });
});

describe("is not a CloudEvent", () => {
  test.each([
    ["nothing", undefined, "must be an object"],
    ["a list", [], "must be an object"],
    ["one of another version", { ...event, specversion: "0.3" }, "specversion"],
    ["one without an id", { ...event, id: "" }, "id"],
    ["one whose id has lost bytes", { ...event, id: "caf\ufffd" }, "U+FFFD"],
    ["one whose id is an unpaired surrogate", { ...event, id: "\ud800" }, "id"],
    ["one with an id that is too long", { ...event, id: "1".repeat(1025) }, "id"],
    ["one whose id is null", { ...event, id: null }, "id"],
    ["one whose id is a number", { ...event, id: 7 }, "id"],
    ["one with a control character", { ...event, id: "1\u0000" }, "CloudEvents forbid"],
    ["one with a noncharacter", { ...event, id: "1\uffff" }, "CloudEvents forbid"],
    ["one with an empty source", { ...event, source: "" }, "source"],
    ["one with an empty type", { ...event, type: "" }, "type"],
    ["one whose version is a number", { ...event, specversion: 1.0 }, "specversion"],
    ["one without a content type", { ...event, datacontenttype: "" }, "datacontenttype"],
    ["one whose content type is a number", { ...event, datacontenttype: 1 }, "datacontenttype"],
    ["one with an empty time", { ...event, time: "" }, "time"],
    ["one with a time without seconds", { ...event, time: "2026-01-31T12:00Z" }, "RFC 3339"],
    ["one without a source", { ...event, source: undefined }, "source"],
    ["one whose type is a number", { ...event, type: 1 }, "type"],
    ["one whose time is not a time", { ...event, time: "yesterday" }, "time"],
  ])("%s", (_, given, where) => {
    expect(() => toForeignEvent(given)).toThrow(/^expected a CloudEvent/);
    expect(() => toForeignEvent(given)).toThrow(where);
  });
});
