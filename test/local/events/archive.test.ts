import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { eventBuses } from "../../../lib/local/events/event-bus.ts";
import { localClock } from "../../../lib/local/machine/clock.ts";
import type { Input, Operation } from "../../../lib/local/service/service.ts";
import { account, region, resource, type TestCloud, testCloud } from "../cloud.ts";

const arn = (path: string) => `arn:aws:events:${region}:${account}:${path}`;
const [busArn, archiveArn] = [arn("event-bus/shop"), arn("archive/shop-archive")];

const archive = (properties: Input = {}) =>
  resource(
    "AWS::Events::Archive",
    "shop-archive",
    { SourceArn: busArn, RetentionDays: 30, ...properties },
    archiveArn,
  );

const rule = (id: string, exists: boolean) =>
  resource(
    "AWS::Events::Rule",
    id,
    {
      EventBusName: "shop",
      EventPattern: { source: ["orders"], "replay-name": [{ exists }] },
      Targets: [{ Id: "work", Arn: `arn:aws:sqs:${region}:${account}:${id}` }],
    },
    arn(`rule/shop/${id}`),
  );

const template = (properties?: Input) => [
  resource("AWS::Events::EventBus", "shop", { Name: "shop" }, busArn),
  archive(properties),
  rule("live", false),
  rule("replayed", true),
];

const eventProvider = [
  eventBuses,
  "AWS::Events::EventBus",
  "AWS::Events::Rule",
  "AWS::Events::Archive",
] as const;

const start = Date.parse("2026-01-01T00:00:00Z");
const seconds = (later: number) => start / 1000 + later;

const request = (properties: Input = {}) => ({
  ReplayName: "again",
  EventSourceArn: archiveArn,
  EventStartTime: seconds(0),
  EventEndTime: seconds(86_400),
  Destination: { Arn: busArn },
  ...properties,
});

let cloud: TestCloud;
let sent: { readonly queue: string; readonly event: Readonly<Record<string, unknown>> }[] = [];
let machine = start;

const begin = async (given: { readonly archive?: Input; readonly journalFile?: string } = {}) => {
  sent = [];
  const SendMessage: Operation = {
    requires: () => [],
    run: ({ QueueUrl, MessageBody }) =>
      void sent.push({ queue: `${QueueUrl}`, event: JSON.parse(`${MessageBody}`) }),
  };
  cloud = await testCloud({
    providers: [eventProvider],
    resources: template(given.archive),
    services: { sqs: { SendMessage } },
    clock: localClock(() => machine),
    ...(given.journalFile !== undefined && { journalFile: given.journalFile }),
  });
};

afterEach(async () => {
  await cloud.stop();
  machine = start;
});

/** Puts an event with this number. Its time is the time of the clock unless `entry` sets another. */
const put = (n: number, entry: Input = {}) =>
  cloud.call("events", "PutEvents", {
    Entries: [
      { EventBusName: "shop", Source: "orders", DetailType: "Paid", Detail: JSON.stringify({ n }), ...entry },
    ],
  });

const numbersAt = (queue: string) =>
  sent.filter((each) => each.queue === queue).map(({ event }) => (event.detail as { n: number }).n);

const replay = (properties?: Input) => cloud.call("events", "StartReplay", request(properties));

const described = (ReplayName = "again") => cloud.call("events", "DescribeReplay", { ReplayName });

const completed = (name?: string) =>
  expect.poll(async () => described(name)).toMatchObject({ State: "COMPLETED" });

describe("an archive", () => {
  test("sends its events to the bus again, each unchanged except for the name of the replay", async () => {
    await begin();
    await put(1);
    await expect.poll(() => sent.length).toBe(1);
    expect(await replay()).toMatchObject({ ReplayArn: arn("replay/again"), State: "STARTING" });
    await completed();
    await expect.poll(() => sent.length).toBe(2);
    const [live, again] = sent;
    expect(live?.queue).toBe("live");
    expect(again).toEqual({ queue: "replayed", event: { ...live?.event, "replay-name": "again" } });
  });

  test("does not archive replayed events", async () => {
    await begin();
    await put(1);
    for (const name of ["first", "second"]) {
      await replay({ ReplayName: name });
      await completed(name);
    }
    await expect.poll(() => numbersAt("replayed")).toEqual([1, 1]);
  });

  test("replays events from the start time up to but not including the end time, minute by minute", async () => {
    await begin();
    for (const [n, at] of [
      [1, -1],
      [2, 0],
      [3, 59],
      [4, 61],
      [5, 120],
      [6, 180],
    ] as const)
      await put(n, { Time: seconds(at) });
    await replay({ EventEndTime: seconds(180) });
    await completed();
    await expect.poll(() => numbersAt("replayed").length).toBe(4);
    const [first, second, ...later] = numbersAt("replayed");
    expect([first, second].toSorted()).toEqual([2, 3]);
    expect(later).toEqual([4, 5]);
    expect(await described()).toMatchObject({ EventLastReplayedTime: seconds(120) });
  });

  test("does not preserve the order within a minute", async () => {
    await begin();
    const numbers = Array.from({ length: 60 }, (_, n) => n);
    for (const n of numbers) await put(n);
    await replay();
    await expect.poll(() => numbersAt("replayed").length).toBe(60);
    expect(numbersAt("replayed")).not.toEqual(numbers);
    expect(numbersAt("replayed").toSorted((one, other) => one - other)).toEqual(numbers);
  });

  test("keeps only events of its own bus that match its pattern", async () => {
    await begin({ archive: { EventPattern: { "detail-type": ["Paid"] } } });
    await put(1);
    await put(2, { DetailType: "Cancelled" });
    await put(3, { EventBusName: "default" });
    await replay();
    await completed();
    await expect.poll(() => numbersAt("replayed")).toEqual([1]);
  });

  test("deletes events after its retention period", async () => {
    await begin({ archive: { RetentionDays: 2 } });
    await put(1);
    machine += 86_400_000;
    await put(2);
    machine += 86_400_000;
    await replay({ EventEndTime: seconds(3 * 86_400) });
    await completed();
    await expect.poll(() => numbersAt("replayed")).toEqual([2]);
  });

  test("and a running replay survive a restart of the process", async () => {
    const folder = mkdtempSync(join(tmpdir(), "archive-"));
    const journalFile = join(folder, "journal");
    await begin({ journalFile });
    await put(1);
    await expect.poll(() => sent.length).toBe(1);
    await replay();
    await cloud.stop();
    expect(numbersAt("replayed")).toEqual([]);
    await begin({ journalFile });
    await completed();
    await expect.poll(() => numbersAt("replayed")).toEqual([1]);
    rmSync(folder, { recursive: true });
  });
});

describe("a replay", () => {
  test.each<readonly [string, Input, string]>([
    ["of an archive that does not exist", { EventSourceArn: arn("archive/gone") }, "does not exist"],
    ["to another bus", { Destination: { Arn: arn("event-bus/default") } }, "Destination.Arn is not valid"],
    ["that ends before it starts", { EventEndTime: seconds(0) }, "EventStartTime must be before"],
    [
      "to some rules only",
      { Destination: { Arn: busArn, FilterArns: [] } },
      "FilterArns = []: does not run here",
    ],
  ])("%s is refused", async (_, properties, message) => {
    await begin();
    await expect(replay(properties)).rejects.toThrow(message);
  });

  test("with a name that is already used is refused", async () => {
    await begin();
    await replay();
    await expect(replay()).rejects.toThrow("Replay again already exists.");
  });

  test("is refused while ten others are running", async () => {
    await begin();
    for (let n = 1; n <= 10; n += 1) await replay({ ReplayName: `r${n}` });
    await expect(replay({ ReplayName: "r11" })).rejects.toThrow("10 replays are running");
  });

  test("that was never started cannot be described", async () => {
    await begin();
    await expect(described("gone")).rejects.toThrow("Replay gone does not exist.");
  });

  test("needs permission for the archive", async () => {
    await begin();
    cloud.deny("events:StartReplay");
    await expect(replay()).rejects.toThrow("not authorized");
    expect(cloud.asked.at(-1)?.requirement).toEqual({ action: "events:StartReplay", resource: archiveArn });
  });
});

test("an archive of a bus that does not exist is refused by name", async () => {
  const resources = [archive({ SourceArn: arn("event-bus/gone") })];
  await expect(testCloud({ providers: [eventProvider], resources })).rejects.toThrow(
    `shop-archive: property SourceArn = ${arn("event-bus/gone")}: no such event bus`,
  );
  await begin();
});
