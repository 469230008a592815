/** Our events as messages, and messages of other systems: the CloudEvents headers in AMQP 0-9-1. */
import { describe, expect, test } from "vitest";
import { cloudEventIn, type Message, toMessage } from "../../../lib/adapters/rabbitmq/message.ts";
import { fromCloudEvent, toCloudEvent } from "../../../lib/model/events/cloud-event.ts";
import { toForeignEvent } from "../../../lib/model/events/foreign-event.ts";
import { oddTexts } from "../../../lib/testing/contracts/samples/odd-texts.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";

const full = recordedEvent(
  3,
  { orderId: "1", lines: [{ sku: "a", quantity: 2 }] },
  {
    sagaId: "checkout/1",
    actor: "customer-1",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    schemaVersion: 2,
  },
);

const read = (message: Message) => fromCloudEvent(cloudEventIn(message));

test("the attributes are headers, the content type is that of the data, and the body is the data", () => {
  const { contentType, headers, body } = toMessage(full, "shop");
  expect(contentType).toBe("application/json");
  expect(JSON.parse(body.toString())).toEqual(full.data);
  expect(headers).toEqual({
    cloudEvents_specversion: "1.0",
    cloudEvents_id: "order-1@3",
    cloudEvents_source: "shop",
    cloudEvents_type: "OrderPlaced",
    cloudEvents_subject: "order-1",
    cloudEvents_time: "2026-02-03T04:05:06.789Z",
    cloudEvents_streamversion: 3,
    cloudEvents_commandid: "command-1",
    cloudEvents_correlationid: "correlation-1",
    cloudEvents_causationid: "cause-1",
    cloudEvents_sagaid: "checkout/1",
    cloudEvents_actor: "customer-1",
    cloudEvents_traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    cloudEvents_schemaversion: 2,
  });
});

test.each([recordedEvent(), full])("an event is read back unchanged", (event) => {
  expect(read(toMessage(event, "shop"))).toEqual(event);
});

test.each(oddTexts)("the unusual text %j is read back unchanged", (text) => {
  const event = recordedEvent(1, JSON.parse(`{ ${JSON.stringify(text)}: ${JSON.stringify(text)} }`), {
    actor: text,
  });
  expect(read(toMessage(event, "shop"))).toEqual(event);
});

test("a message in structured mode is read, whatever headers it has", () => {
  const body = Buffer.from(JSON.stringify(toCloudEvent(full, "shop")));
  const contentType = "application/cloudevents+json; charset=utf-8";
  expect(read({ contentType, headers: { cloudEvents_id: "other" }, body })).toEqual(full);
});

test("a sender may use a colon, strings for numbers, timestamps of AMQP and a charset", () => {
  const { headers, body } = toMessage(full, "shop");
  const written = Object.entries(headers).map(([name, value]) => [name.replace("_", ":"), String(value)]);
  const message = {
    contentType: "application/json; charset=utf-8",
    headers: { ...Object.fromEntries(written), "cloudEvents:time": new Date("2026-02-03T04:05:06.789Z") },
    body,
  };
  expect(read(message)).toEqual(full);
});

test("other headers are not attributes", () => {
  const message = toMessage(full, "shop");
  expect(read({ ...message, headers: { ...message.headers, "x-death": [{ count: 1 }] } })).toEqual(full);
});

test.each<[string, Partial<Message>]>([
  ["a body that is not JSON", { body: Buffer.from("{") }],
  ["data that is not an object", { body: Buffer.from("1") }],
  ["another content type", { contentType: "text/plain" }],
  ["no content type", { contentType: "" }],
  ["no attributes", { headers: {} }],
  ["a batch of events", { contentType: "application/cloudevents-batch+json" }],
])("%s is not an event of ours", (_, wrong) => {
  expect(() => read({ ...toMessage(full, "shop"), ...wrong })).toThrow();
});

const foreign = {
  contentType: "application/json",
  headers: {
    cloudEvents_specversion: "1.0",
    cloudEvents_id: "7",
    cloudEvents_source: "warehouse",
    cloudEvents_type: "StockDelivered",
  },
  body: Buffer.from("[1]"),
};
const told = { id: "7", source: "warehouse", type: "StockDelivered" };
const readForeign = (message: Message) => toForeignEvent(cloudEventIn(message));

describe("an event of another system", () => {
  test.each(["application/json", "application/vnd.warehouse+json; charset=utf-8", ""])(
    "of the content type %j is read as JSON",
    (contentType) => {
      expect(readForeign({ ...foreign, contentType })).toEqual({ ...told, data: [1] });
    },
  );

  test("of another content type keeps its bytes", () => {
    const body = Buffer.from([1, 2]);
    expect(readForeign({ ...foreign, contentType: "text/csv", body })).toEqual({
      ...told,
      data: Uint8Array.of(1, 2),
    });
  });

  test.each([
    ["application/json", '{"a":1,"a":2}', "JSON at /a: the field appears twice"],
    [
      "application/cloudevents+json",
      '{"data":{"a":1},"data":{"a":2}}',
      "JSON at /data: the field appears twice",
    ],
  ])("of the content type %s must not repeat a key", (contentType, body, because) => {
    expect(() => readForeign({ ...foreign, contentType, body: Buffer.from(body) })).toThrow(because);
  });

  test("of an empty body has no data, whatever headers it has", () => {
    const headers = { ...foreign.headers, cloudEvents_data_base64: "WzFd", cloudEvents_data: "x" };
    expect(readForeign({ ...foreign, headers, body: Buffer.alloc(0) })).toEqual(told);
  });

  test("whose header is null has no such attribute", () => {
    const headers = { ...foreign.headers, cloudEvents_time: null };
    expect(readForeign({ ...foreign, headers })).toEqual({ ...told, data: [1] });
  });

  test.each<[string, Partial<Message>, string]>([
    ["bytes that are not UTF-8", { body: Buffer.from([0x22, 0xe9, 0x22]) }, "not valid"],
    ["a batch", { contentType: "application/cloudevents-batch+json" }, "cloudevents-batch"],
    ["another format", { contentType: "application/cloudevents+avro" }, "cloudevents+avro"],
    [
      "a structured event that is not UTF-8",
      { contentType: "application/cloudevents+json", body: Buffer.from([0x22, 0xe9, 0x22]) },
      "not valid",
    ],
  ])("is not in %s", (_, wrong, because) => {
    expect(() => readForeign({ ...foreign, ...wrong })).toThrow(because);
  });
});
