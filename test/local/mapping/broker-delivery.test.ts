/** What the mappings of Kafka and of Amazon MQ share: batches, filters, waits and outages. */
import { describe, expect, test } from "vitest";
import { localClock } from "../../../lib/local/machine/clock.ts";
import { batchLimit, weighed } from "../../../lib/local/mapping/batch-limit.ts";
import { cancellationBy } from "../../../lib/local/mapping/cancellation.ts";
import { delivery } from "../../../lib/local/mapping/delivery.ts";
import { isDoneWithin } from "../../../lib/local/mapping/is-done-within.ts";
import { outages } from "../../../lib/local/mapping/outages.ts";
import { sourceKindOf } from "../../../lib/local/mapping/source-kind.ts";

const megabytes = (count: number) => "x".repeat(count * 1024 * 1024);
const itself = (item: unknown) => item;
const eventOf = (records: readonly unknown[]) => ({ records });

describe("a batch", () => {
  const limit = (countMax: number) => batchLimit<unknown>(countMax, eventOf);
  const waiting = (...records: readonly unknown[]) => records.map(weighed);

  test("is full by the number of messages", () => {
    expect(limit(2).countOf(waiting(1, 2, 3))).toBe(2);
    expect(limit(2).isFull(waiting(1, 2))).toBe(true);
    expect(limit(2).isFull(waiting(1))).toBe(false);
    expect(limit(2).countOf([])).toBe(0);
  });

  test("is full by the size of an invocation, but always takes one message", () => {
    const [two, seven] = [megabytes(2), megabytes(7)];
    expect(limit(10).countOf(waiting(two, two, two, two))).toBe(2);
    expect(limit(10).isFull(waiting(two, two, two))).toBe(true);
    expect(limit(10).isFull(waiting(two, two))).toBe(false);
    expect(limit(10).countOf(waiting(seven, two))).toBe(1);
  });

  // The limit is 6,291,456 bytes for the event; {"records":["",""]} takes 19 of them.
  test.each([
    [0, 2],
    [1, 1],
  ])(
    "counts each byte of the event: with %i bytes over the limit, it takes %i of two records",
    (more, count) => {
      const size = 6 * 1024 * 1024 - 19 + more;
      const [half, rest] = ["x".repeat(1_000_000), "x".repeat(size - 1_000_000)];
      expect(limit(10).countOf(waiting(half, rest))).toBe(count);
    },
  );

  test("counts bytes of JSON: a line feed takes two, and so does é", () => {
    const lines = "\n".repeat(3 * 1024 * 1024 - 100);
    expect(limit(10).countOf(waiting(lines, "é".repeat(30)))).toBe(2);
    expect(limit(10).countOf(waiting(lines, "é".repeat(100)))).toBe(1);
  });
});

describe("a delivery", () => {
  const start = (functionError?: "Unhandled") => {
    const given: unknown[] = [];
    const problems: string[] = [];
    const deliver = delivery<string>({
      passes: (text) => text !== "other",
      filteredBy: itself,
      eventOf,
      limit: batchLimit(100, eventOf),
      invoke: async (event) => {
        given.push(event);
        return { requestId: "1", payload: null, ...(functionError && { functionError }) };
      },
      problem: (message) => void problems.push(message),
    });
    return { deliver, given, problems };
  };

  test("gives the function what passes the filter, and treats the rest as done", async () => {
    const { deliver, given } = start();
    expect(await deliver(["a", "other", "b"])).toBe(true);
    expect(given).toEqual([{ records: ["a", "b"] }]);
    expect(await deliver(["other"])).toBe(true);
    expect(given).toHaveLength(1);
  });

  test("is not done if the function fails", async () => {
    expect(await start("Unhandled").deliver(["a"])).toBe(false);
  });

  test("drops a message that is too large for an invocation, and reports it", async () => {
    const { deliver, given, problems } = start();
    expect(await deliver([megabytes(7), "a"])).toBe(true);
    expect(given).toEqual([{ records: ["a"] }]);
    expect(problems).toHaveLength(1);
  });
});

describe("an outage", () => {
  const start = () => {
    const told: string[] = [];
    const outageOf = outages();
    const of = (id: string) => outageOf(id, (message) => void told.push(message));
    return { told, one: of("one"), other: of("other") };
  };

  test("is reported once, whichever mapping finds it", () => {
    const { told, one, other } = start();
    one.failed("the broker", "it is down");
    one.failed("the broker", "it is still down");
    other.failed("the broker", "it is down");
    expect(told).toEqual(["cannot read the broker: it is down. Retrying"]);
  });

  test("is reported again only after all mappings have recovered", () => {
    const { told, one, other } = start();
    one.failed("the broker", "it is down");
    other.failed("the broker", "it is down");
    one.works();
    one.failed("the broker", "it is down");
    expect(told).toHaveLength(1);
    one.works();
    other.works();
    other.failed("the broker", "it is down");
    expect(told).toHaveLength(2);
  });

  test("of another subject is reported separately", () => {
    const { told, one } = start();
    one.failed("the broker", "it is down");
    one.failed("the topic", "it is missing");
    expect(told).toHaveLength(2);
  });
});

describe("a cancellation", () => {
  test("ends with its wait, or when all is cancelled, and no wait begins after that", async () => {
    const clock = localClock(Date.now);
    const { until, cancel, isCancelled, cancelled } = cancellationBy(clock);
    const day = 24 * 3600 * 1000;
    const first = until(clock.now() + day);
    clock.advance(day);
    await first;
    const second = until(clock.now() + day);
    cancel();
    await Promise.all([second, cancelled, until(clock.now() + day)]);
    expect(isCancelled()).toBe(true);
    clock.stop();
  });
});

test("work that ends in time counts as done, whether it succeeds or fails", async () => {
  expect(await isDoneWithin(10_000, Promise.resolve())).toBe(true);
  expect(await isDoneWithin(10_000, Promise.reject(new Error("broken")))).toBe(true);
  expect(await isDoneWithin(1, new Promise(() => {}))).toBe(false);
});

test.each([
  [{ EventSourceArn: "arn:aws:dynamodb:eu-central-1:1:table/orders/stream/1" }, "stream"],
  [{ EventSourceArn: "arn:aws:sqs:eu-central-1:1:work" }, "queue"],
  [{ EventSourceArn: "arn:aws:kafka:eu-central-1:1:cluster/shop/1" }, "kafka"],
  [{ SelfManagedEventSource: {} }, "kafka"],
  [{ EventSourceArn: "arn:aws:mq:eu-central-1:1:broker:shop:b-1" }, "mq"],
  [{ EventSourceArn: "arn:aws:kinesis:eu-central-1:1:stream/x" }, "stream"],
])("a mapping with %j runs as a mapping of kind %s", (properties, kind) => {
  expect(sourceKindOf({ properties })).toBe(kind);
});
