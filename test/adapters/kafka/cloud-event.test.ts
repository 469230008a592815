import { CloudEvent, Kafka } from "cloudevents";
import { describe, expect, test } from "vitest";
import {
  cloudEventOf,
  foreignEventOf,
  recordedEventOf,
  toMessage,
} from "../../../lib/adapters/kafka/cloud-event.ts";
import { toCloudEvent } from "../../../lib/model/events/cloud-event.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";

/** A message as a consumer reads it. */
const arrived = (value: unknown, headers: Readonly<Record<string, unknown>>) => ({
  value: value === undefined ? undefined : Buffer.from(String(value)),
  headers: Object.entries(headers)
    .filter(([, text]) => text !== undefined)
    .map(([name, text]): [string, Uint8Array] => [name, Buffer.from(String(text))]),
});

const full = recordedEvent(
  4,
  { orderId: "1", note: "Größe\n√" },
  {
    sagaId: "checkout/1",
    actor: "Jürgen",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    schemaVersion: 2,
  },
);

test("an event is a message in binary mode: attributes in headers, data in the value, the stream as the key", () => {
  expect(toMessage(full, "shop")).toEqual({
    key: "order-1",
    value: '{"orderId":"1","note":"Größe\\n√"}',
    headers: {
      "content-type": "application/json",
      ce_specversion: "1.0",
      ce_id: "order-1@4",
      ce_source: "shop",
      ce_type: "OrderPlaced",
      ce_subject: "order-1",
      ce_time: "2026-02-03T04:05:06.789Z",
      ce_streamversion: "4",
      ce_commandid: "command-1",
      ce_correlationid: "correlation-1",
      ce_causationid: "cause-1",
      ce_sagaid: "checkout/1",
      ce_actor: "Jürgen",
      ce_traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      ce_schemaversion: "2",
    },
  });
});

test.each([recordedEvent(), full])("an event comes back unchanged", (event) => {
  const { value, headers } = toMessage(event, "shop");
  expect(recordedEventOf(arrived(value, headers))).toEqual(event);
});

describe("compared with the cloudevents package", () => {
  test("reads the same event from our message", () => {
    const { value, headers } = toMessage(full, "shop");
    // The package returns one event for a message that is not a batch.
    const read = Kafka.toEvent({ headers, body: value, value } as never) as CloudEvent;
    const { data, ...attributes } = toCloudEvent(full, "shop");
    expect(read.toJSON()).toMatchObject({ ...attributes, streamversion: "4", schemaversion: "2" });
    expect(typeof read.data === "string" ? JSON.parse(read.data) : read.data).toEqual(data);
  });

  const foreign = new CloudEvent({
    id: "7",
    source: "/warehouse",
    type: "StockDelivered",
    time: "2026-02-03T04:05:06.789Z",
    datacontenttype: "application/json",
    data: { sku: "11", quantity: 5 },
    partitionkey: "11",
  });
  const expected = {
    specversion: "1.0",
    id: "7",
    source: "/warehouse",
    type: "StockDelivered",
    time: "2026-02-03T04:05:06.789Z",
    datacontenttype: "application/json",
    partitionkey: "11",
    data: { sku: "11", quantity: 5 },
  };

  test("an event of the package in binary mode can be read", () => {
    const { headers } = Kafka.binary(foreign);
    expect(cloudEventOf(arrived(JSON.stringify(foreign.data), headers))).toEqual(expected);
  });

  test("an event of the package in structured mode can be read", () => {
    const { headers, value } = Kafka.structured(foreign);
    expect(cloudEventOf(arrived(value, headers))).toEqual(expected);
  });
});

describe("a foreign event", () => {
  const headers = { ce_specversion: "1.0", ce_id: "7", ce_source: "/warehouse", ce_type: "StockDelivered" };
  const attributes = { specversion: "1.0", id: "7", source: "/warehouse", type: "StockDelivered" };

  test("has no data if the message has no value", () => {
    expect(cloudEventOf(arrived(undefined, headers))).toEqual(attributes);
  });

  test.each(["application/json; charset=utf-8", "application/vnd.warehouse+json", "Application/JSON"])(
    "of the content type %s is read as JSON",
    (type) => {
      expect(cloudEventOf(arrived("[1]", { ...headers, "Content-Type": type }))).toEqual({
        ...attributes,
        datacontenttype: type,
        data: [1],
      });
    },
  );

  test("of another content type keeps its bytes", () => {
    expect(cloudEventOf(arrived("a,b", { ...headers, "content-type": "text/csv" }))).toEqual({
      ...attributes,
      datacontenttype: "text/csv",
      data_base64: "YSxi",
    });
  });

  test.each([
    ["application/json", '{"a":1,"a":2}', "JSON at /a: the field appears twice"],
    [
      "application/cloudevents+json",
      '{"data":{"a":1},"data":{"a":2}}',
      "JSON at /data: the field appears twice",
    ],
  ])("of the content type %s must not repeat a key", (type, text, because) => {
    expect(() => cloudEventOf(arrived(text, { ...headers, "content-type": type }))).toThrow(because);
  });

  test("of an empty value has no data", () => {
    expect(cloudEventOf(arrived("", headers))).toEqual(attributes);
  });

  test("takes its data from the value, and only attributes from headers", () => {
    const odd = { ce_data: "x", ce_data_base64: "eA==", ce_: "x", "ce_odd-name": "x" };
    expect(cloudEventOf(arrived("1", { ...headers, ...odd }))).toEqual({ ...attributes, data: 1 });
    expect(cloudEventOf(arrived(undefined, { ...headers, ...odd }))).toEqual(attributes);
  });

  test("in structured mode has its data decoded", () => {
    const value = JSON.stringify({ ...attributes, time: null, data_base64: "WzFd" });
    const structured = { "content-type": "application/cloudevents+json" };
    expect(foreignEventOf(arrived(value, structured))).toEqual({
      id: "7",
      source: "/warehouse",
      type: "StockDelivered",
      data: [1],
    });
  });

  test("is not an event of ours", () => {
    expect(() => recordedEventOf(arrived("{}", headers))).toThrow("expected an event of this application");
  });
});

describe("the error for an unreadable message says", () => {
  const structured = { "content-type": "application/cloudevents+json; charset=utf-8" };
  test.each([
    ["not a CloudEvent", "hello", {}, "not a CloudEvent"],
    [
      "a batch",
      "[]",
      { "content-type": "application/cloudevents-batch+json" },
      "application/cloudevents-batch",
    ],
    ["broken JSON", "{", { ce_specversion: "1.0" }, "JSON"],
    ["a structured event without a value", undefined, structured, "JSON"],
    ["a structured event that is a list", "[]", structured, "must be a JSON object"],
  ])("%s", (_, value, headers, message) => {
    expect(() => cloudEventOf(arrived(value, headers))).toThrow(message);
  });

  test("bytes that are not UTF-8", () => {
    const headers: [string, Uint8Array][] = [["ce_specversion", Buffer.from("1.0")]];
    expect(() => cloudEventOf({ headers, value: Uint8Array.of(0xff, 0xfe) })).toThrow("not valid");
  });
});
