import { EventBridgeClient, InternalException, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { eventBridgeBus } from "../../../lib/adapters/eventbridge/bus.ts";
import { fromCloudEvent, toCloudEvent } from "../../../lib/model/events/cloud-event.ts";
import { busContract } from "../../../lib/testing/contracts/bus.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";

const client = new EventBridgeClient({ region: "eu-central-1" });
const eventBridge = mockClient(client);
const bus = eventBridgeBus(client, { busName: "bus", source: "shop" });

const taken = { EventId: "11710aed-b79e-4468-a20b-bb3c0c3b4860" };

const takeAll = () =>
  eventBridge.on(PutEventsCommand).callsFake(({ Entries }: { readonly Entries: readonly object[] }) => ({
    FailedEntryCount: 0,
    Entries: Entries.map(() => taken),
  }));

const requests = () =>
  eventBridge.commandCalls(PutEventsCommand).map(({ args: [{ input }] }) => input.Entries ?? []);

const sizes = () => requests().map((entries) => entries.length);

beforeEach(() => {
  eventBridge.reset();
  takeAll();
});

const limit = 1024 * 1024 - 1;
const half = 500_000;

/** An event whose entry has exactly this number of bytes. */
const weighing = (bytes: number, version = 1) => {
  const weightOf = (padding: string) =>
    Buffer.byteLength(
      `shopOrderPlaced${JSON.stringify(toCloudEvent(recordedEvent(version, { padding }), "shop"))}`,
    );
  return recordedEvent(version, { padding: "x".repeat(bytes - weightOf("")) });
};

busContract("of EventBridge", async () => ({
  bus,
  received: async () =>
    requests().flatMap((entries) => entries.map(({ Detail = "" }) => fromCloudEvent(JSON.parse(Detail)))),
  refused: weighing(limit + 1),
  cutOff: () => void eventBridge.on(PutEventsCommand).rejects(new Error("connect ECONNREFUSED")),
}));

test("an event is sent as a CloudEvent", async () => {
  const event = recordedEvent(4, { orderId: "1" }, { sagaId: "checkout/1" });
  await bus.publish([event]);
  expect(requests()).toEqual([
    [
      {
        EventBusName: "bus",
        Source: "shop",
        DetailType: "OrderPlaced",
        Detail: JSON.stringify(toCloudEvent(event, "shop")),
      },
    ],
  ]);
});

describe("a request holds", () => {
  const many = Array.from({ length: 25 }, (_, index) => recordedEvent(index + 1));
  const cases = [
    ["at most ten entries", many, [10, 10, 5]],
    ["ten tiny entries", many.slice(0, 10), [10]],
    ["just under 1 MB", [weighing(half), weighing(limit - half, 2)], [2]],
    ["not one byte more", [weighing(half), weighing(limit - half + 1, 2)], [1, 1]],
    ["one entry of just under 1 MB", [weighing(limit)], [1]],
    [
      "no entry that is too large alone",
      [recordedEvent(1), weighing(limit + 1, 2), recordedEvent(3)],
      [1, 1],
    ],
    [
      "characters, counted in UTF-8 bytes",
      Array(2).fill(recordedEvent(1, { text: "€".repeat(200_000) })),
      [1, 1],
    ],
  ] as const;
  test.each(cases)("%s", async (_, events, expected) => {
    await bus.publish(events);
    expect(sizes()).toEqual(expected);
  });
});

describe("the answer to an entry", () => {
  const failing = (ErrorCode: string) =>
    [
      { ErrorCode, ErrorMessage: "no" },
      { kind: "failed", because: `${ErrorCode}: no` },
    ] as const;
  const cases = [
    [taken, { kind: "published" }],
    [
      { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" },
      { kind: "failed", because: "ThrottlingException: Rate exceeded" },
    ],
    [
      { ErrorCode: "InternalFailure", ErrorMessage: "Unexpected" },
      { kind: "failed", because: "InternalFailure: Unexpected" },
    ],
    ...["AccessDeniedException", "InvalidAccountIdException", "RedactionFailure"].map(failing),
    ...["NotAuthorizedForSourceException", "NotAuthorizedForDetailTypeException"].map(failing),
    ...["SomethingNew"].map(failing),
    ...["InvalidArgument", "MalformedDetail"].map(
      (ErrorCode) =>
        [
          { ErrorCode, ErrorMessage: "no" },
          { kind: "refused", because: `${ErrorCode}: no` },
        ] as const,
    ),
    [{}, { kind: "failed", because: "no answer: " }],
  ] as const;
  test.each(cases)("%j is %j", async (entry, outcome) => {
    eventBridge.reset();
    eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [taken, entry, taken] });
    expect(await bus.publish([recordedEvent(1), recordedEvent(2), recordedEvent(3)])).toEqual([
      { kind: "published" },
      outcome,
      { kind: "published" },
    ]);
  });
});

test("an event without an answer has failed", async () => {
  eventBridge.reset();
  eventBridge.on(PutEventsCommand).resolves({});
  expect(await bus.publish([recordedEvent()])).toEqual([{ kind: "failed", because: "no answer: " }]);
});

test("an error of the whole request is thrown", async () => {
  eventBridge.reset();
  eventBridge.on(PutEventsCommand).rejects(new InternalException({ message: "down", $metadata: {} }));
  await expect(bus.publish([recordedEvent()])).rejects.toThrow("down");
});

describe("a request that EventBridge refuses as a whole", () => {
  const named = (name: string, message = "no", httpStatusCode = 400) =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

  /** Refuses each request that contains the second event. */
  const refusing = (error: Error) => {
    eventBridge.reset();
    eventBridge
      .on(PutEventsCommand)
      .callsFake(({ Entries }: { readonly Entries: readonly { Detail: string }[] }) => {
        if (Entries.some(({ Detail }) => Detail.includes("order-1@2"))) throw error;
        return { Entries: Entries.map(() => taken) };
      });
  };

  test.each([
    [
      "an entry too large",
      named("ValidationException", "Total size of the entries in the request is over the limit."),
    ],
    [
      "a detail type too long",
      named("ValidationException", "'entries.2.member.detailType' failed to satisfy"),
    ],
    ["a request too large", named("SyntaxError", "Unexpected token", 413)],
    ["the same error by name", named("RequestEntityTooLarge")],
    ["a text that cannot be encoded", named("SerializationException")],
  ])("for %s is sent entry by entry, and one entry is refused", async (_, error) => {
    refusing(error);
    expect(await bus.publish([1, 2, 3].map((version) => recordedEvent(version)))).toEqual([
      { kind: "published" },
      { kind: "refused", because: `${error.name}: ${error.message}` },
      { kind: "published" },
    ]);
    expect(sizes()).toEqual([3, 1, 1, 1]);
  });

  test.each([
    [
      "its bus",
      named("ValidationException", "Value '' at 'entries.1.member.eventBusName' failed to satisfy"),
    ],
    ["an unknown error", named("SomethingNewException")],
    ["missing permissions", named("AccessDeniedException")],
  ])("for %s has failed as a whole", async (_, error) => {
    refusing(error);
    await expect(bus.publish([recordedEvent(2)])).rejects.toBe(error);
  });
});
