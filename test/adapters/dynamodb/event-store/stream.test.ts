import { describe, expect, test } from "vitest";
import { toItem } from "../../../../lib/adapters/dynamodb/event-store/item.ts";
import { streamHandler } from "../../../../lib/adapters/dynamodb/event-store/stream.ts";
import type { Commit } from "../../../../lib/ports/event-store.ts";
import type { StreamRecord } from "../../../../lib/ports/stream-record.ts";

const commit: Commit = {
  streamId: "order-1",
  version: 4,
  id: "command-1",
  at: "2026-02-03T04:05:06.789Z",
  events: [{ type: "OrderPlaced", data: { orderId: "1" } }],
  metadata: { causationId: "1", correlationId: "1", issuedAt: "2026-02-03T04:05:06.789Z" },
};

const record = (eventName: string, SequenceNumber: string, NewImage?: object) => ({
  eventID: "c81e728d9d4c2f636f067f89cc14862c",
  eventName,
  eventVersion: "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: "eu-central-1",
  dynamodb: {
    ApproximateCreationDateTime: 1744668836,
    Keys: { pk: { S: "order-1" }, sk: { N: "4" } },
    NewImage,
    SequenceNumber,
    SizeBytes: 54,
    StreamViewType: "NEW_IMAGE",
  },
  eventSourceARN: "arn:aws:dynamodb:eu-central-1:123456789012:table/events/stream/2026-02-03T00:00:00.000",
});

const handling = async (records: readonly object[], again: readonly string[] = []) => {
  const given: StreamRecord[] = [];
  const handle = async (all: readonly StreamRecord[]) => {
    given.push(...all);
    return again;
  };
  return { answer: await streamHandler(handle)({ Records: records }), given };
};

test("an inserted item is its commit", async () => {
  const { given } = await handling([record("INSERT", "100", toItem(commit))]);
  expect(given).toEqual([{ kind: "commit", id: "100", commit }]);
});

test.each(["MODIFY", "REMOVE"])("%s of an item is reported as a change", async (how) => {
  const { given } = await handling([record(how, "100", how === "MODIFY" ? toItem(commit) : undefined)]);
  expect(given).toEqual([{ kind: "changed", id: "100", how, streamId: "order-1", version: 4 }]);
});

describe("an item without a commit is unreadable, and all that is known of it is kept", () => {
  const cases = [
    ["broken events", { ...toItem(commit), ev: { S: "[" } }, "attribute ev of item order-1"],
    ["no events", { ...toItem(commit), ev: undefined }, "attribute ev of item order-1"],
    ["nothing", {}, "attribute pk"],
  ] as const;
  test.each(cases)("%s", async (_, image, because) => {
    const { given } = await handling([record("INSERT", "100", image)]);
    expect(given).toEqual([
      {
        kind: "unreadable",
        id: "100",
        streamId: "order-1",
        version: 4,
        payload: JSON.stringify(image),
        error: expect.stringContaining(because),
      },
    ]);
  });
});

test("records keep their order, and the failed ones are named", async () => {
  const records = [
    record("INSERT", "100", toItem(commit)),
    record("REMOVE", "101"),
    record("INSERT", "102", {}),
  ];
  const { answer, given } = await handling(records, ["100", "102"]);
  expect(given.map(({ id, kind }) => [id, kind])).toEqual([
    ["100", "commit"],
    ["101", "changed"],
    ["102", "unreadable"],
  ]);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "100" }, { itemIdentifier: "102" }] });
});

test("an event that is not a batch of the change stream is refused", async () => {
  await expect(handling([{ messageId: "1" }])).rejects.toThrow("eventName");
});
