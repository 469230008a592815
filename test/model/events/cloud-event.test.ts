import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromCloudEvent, toCloudEvent } from "../../../lib/model/events/cloud-event.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";

const everything = {
  sagaId: "checkout/1",
  actor: "vinet",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  schemaVersion: 2,
};

const required = {
  specversion: "1.0",
  id: "order-1@4",
  source: "shop",
  type: "OrderPlaced",
  subject: "order-1",
  time: "2026-02-03T04:05:06.789Z",
  datacontenttype: "application/json",
  data: { orderId: "1" },
  streamversion: 4,
  commandid: "command-1",
  correlationid: "correlation-1",
  causationid: "cause-1",
};

test("an event is sent as a CloudEvent whose extensions carry its metadata", () => {
  expect(toCloudEvent(recordedEvent(4, { orderId: "1" }, everything), "shop")).toStrictEqual({
    ...required,
    sagaid: "checkout/1",
    actor: "vinet",
    traceparent: everything.traceparent,
    schemaversion: 2,
  });
});

test("a field that an event does not have is absent", () => {
  const nothing = { sagaId: undefined, actor: undefined, traceparent: undefined, schemaVersion: undefined };
  expect(toCloudEvent(recordedEvent(4, { orderId: "1" }, nothing), "shop")).toStrictEqual(required);
});

test("an event does not change when it is converted to text and back", () => {
  const text = fc.string({ unit: "binary" });
  const metadata = fc.record(
    { sagaId: text, actor: text, traceparent: text, schemaVersion: fc.integer({ min: 1 }) },
    { requiredKeys: [] },
  );
  const data = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }));
  fc.assert(
    fc.property(data, metadata, fc.integer({ min: 1 }), (data, metadata, version) => {
      // JSON has no negative zero, and neither have stored events.
      const event = recordedEvent(version, JSON.parse(JSON.stringify(data)), metadata);
      const text = JSON.stringify(toCloudEvent(event, "shop"));
      expect(fromCloudEvent(JSON.parse(text))).toStrictEqual(event);
    }),
    { numRuns: 200 },
  );
});

test("attributes that others add on the way are dropped", () => {
  expect(fromCloudEvent({ ...required, traceid: "1" })).toStrictEqual(recordedEvent(4));
});

test("attributes that are null count as absent, and data may be in Base64", () => {
  const { data, ...without } = required;
  const data_base64 = Buffer.from(JSON.stringify(data)).toString("base64");
  expect(fromCloudEvent({ ...without, data_base64, sagaid: null, actor: null })).toStrictEqual(
    recordedEvent(4),
  );
});

describe("an event that is not of this application is refused with the reason", () => {
  const cases: readonly (readonly [what: string, value: unknown, because: RegExp])[] = [
    ["nothing", undefined, /must be an object/],
    ["text", "event", /must be an object/],
    ["another version", { ...required, specversion: "0.3" }, /at specversion/],
    ["no subject", { ...required, subject: undefined }, /must be a stream id, like order-1\s+→ at subject/],
    [
      "a subject that is not a stream",
      { ...required, subject: "order" },
      /must be a stream id, like order-1\s+→ at subject/,
    ],
    ["a list as data", { ...required, data: [] }, /must be an object\s+→ at data/],
    ["no data", { ...required, data: null }, /must be an object\s+→ at data/],
    ["a version of 0", { ...required, streamversion: 0 }, /at streamversion/],
    ["a version as text", { ...required, streamversion: "4" }, /at streamversion/],
    ["no time", { ...required, time: "yesterday" }, /at time/],
    ["a saga that is not a string", { ...required, sagaid: 1 }, /at sagaid/],
    ["no command", { ...required, commandid: undefined }, /at commandid/],
  ];
  test.each(cases)("%s", (_, value, because) => {
    expect(() => fromCloudEvent(value)).toThrow(because);
    expect(() => fromCloudEvent(value)).toThrow("expected an event of this application");
  });
});
