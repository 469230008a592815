import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import { type Command, expiryOf, type SentCommand } from "../../../../lib/model/message.ts";
import type { StreamId } from "../../../../lib/model/stream.ts";
import type { Commit, EventStore } from "../../../../lib/ports/event-store.ts";
import type { HandleOptions } from "../../../../lib/runtime/streams/decision.ts";
import { commandHandler } from "../../../../lib/runtime/streams/handle-command.ts";
import { arrangeShipment, cancelShipment, shipment } from "../../../../lib/shop/shipping/shipment.ts";
import { inventory, receiveStock, releaseStock, reserveStock } from "../../../../lib/shop/stock/inventory.ts";

const streamId = "inventory-pear";
const receive = (quantity: number) => receiveStock({ sku: "pear", quantity });
const reserve = (orderId: string, quantity: number) => reserveStock({ sku: "pear", orderId, quantity });

type Metadata = Partial<SentCommand["metadata"]>;

const sent = (command: Command, id: string, metadata: Metadata = {}): SentCommand => ({
  ...command,
  metadata: {
    id,
    causationId: "cause",
    correlationId: "chain",
    issuedAt: "2026-01-01T00:00:00.000Z",
    receipt: false,
    ...metadata,
  },
});

/** A handler on this store, with a clock that only its own sleeps advance. */
const handlerOver = (store: EventStore, log = memoryLog()) => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  return commandHandler(
    { name: "shop", deciders: [inventory, shipment] },
    {
      store,
      clock: () => new Date(now),
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
      random: () => 0.5,
      log,
    },
  );
};

const typesIn = async (store: EventStore, id: StreamId = streamId) =>
  (await store.read(id, { consistency: "strong" })).flatMap(({ events }) => events.map(({ type }) => type));

/** Eventually consistent reads do not see these commits. */
const lagging = (store: EventStore, hides: (commit: Commit) => boolean): EventStore => ({
  ...store,
  read: async (id, options) => {
    const commits = await store.read(id, options);
    return options.consistency === "strong" ? commits : commits.filter((commit) => !hides(commit));
  },
});

describe("a command that is sent again", () => {
  test("is answered with the events in the stream, and stores nothing", async () => {
    const store = memoryEventStore();
    const handle = handlerOver(store);
    const first = await handle(sent(receive(3), "http/1"));
    const second = await handle(sent(receive(3), "http/1"));
    expect(first).toMatchObject({ kind: "accepted", repeated: false, version: 1 });
    expect(second).toMatchObject({ kind: "accepted", repeated: true, version: 1 });
    expect(await typesIn(store)).toEqual(["StockReceived"]);
  });

  test("is logged as a repetition, and its events are not logged again", async () => {
    const log = memoryLog();
    const handle = handlerOver(memoryEventStore(), log);
    await handle(sent(receive(3), "http/1"));
    const before = log.entries().length;
    await handle(sent(receive(3), "http/1"));
    expect(
      log
        .entries()
        .slice(before)
        .map(({ kind, message }) => `${kind} ${message}`),
    ).toEqual([`command ReceiveStock ${streamId} accepted, repeated: it was answered before`]);
  });

  test("is recognised beyond a hundred commits", async () => {
    const store = memoryEventStore();
    const handle = handlerOver(store);
    for (let number = 1; number <= 150; number += 1) await handle(sent(receive(1), `http/${number}`));
    expect(await handle(sent(receive(1), "http/1"))).toMatchObject({ repeated: true, version: 1 });
    expect(await typesIn(store)).toHaveLength(150);
  });

  test("stays rejected even if it would be accepted now, if a receipt was asked for", async () => {
    const store = memoryEventStore();
    const handle = handlerOver(store);
    const command = sent(reserve("1", 2), "checkout/1/reserve-stock/inventory-pear#1", { receipt: true });
    expect(await handle(command)).toMatchObject({ kind: "rejected", code: "unknown-sku", version: 0 });
    await handle(sent(receive(5), "http/1"));
    expect(await handle(command)).toMatchObject({ kind: "rejected", code: "unknown-sku" });
    expect(await typesIn(store)).toEqual(["CommandRejected", "StockReceived"]);
  });

  test("may be accepted now, if a client had no receipt", async () => {
    const handle = handlerOver(memoryEventStore());
    expect((await handle(sent(reserve("1", 2), "http/1"))).kind).toBe("rejected");
    await handle(sent(receive(5), "http/2"));
    expect((await handle(sent(reserve("1", 2), "http/1"))).kind).toBe("accepted");
  });

  test("with another body is answered that its id is used", async () => {
    const handle = handlerOver(memoryEventStore());
    await handle(sent(receive(1), "http/1", { bodyHash: "a" }));
    expect((await handle(sent(receive(2), "http/1", { bodyHash: "b" }))).kind).toBe("reused");
  });

  test("is found as the winner of the race against itself", async () => {
    const store = memoryEventStore();
    const blind = handlerOver(lagging(store, () => true));
    await handlerOver(store)(sent(receive(3), "http/1"));
    expect(await blind(sent(receive(3), "http/1"))).toMatchObject({ kind: "accepted", repeated: true });
    expect(await typesIn(store)).toEqual(["StockReceived"]);
  });
});

test("a command that has expired does nothing when it arrives late", async () => {
  const store = memoryEventStore();
  const handle = handlerOver(store);
  await handle(sent(receive(5), "http/1"));
  const id = "checkout/1/reserve-stock/inventory-pear#1";
  const { metadata } = sent(receive(1), id);
  const receipt = { type: "CommandExpired", data: { command: "ReserveStock", commandId: id } };
  const common = { causationId: "cause", correlationId: "chain", issuedAt: metadata.issuedAt };
  await store.append({
    streamId,
    version: 2,
    id: `${id}/expire`,
    at: metadata.issuedAt,
    events: [receipt],
    metadata: common,
  });
  expect((await handle(sent(reserve("1", 2), id, { receipt: true }))).kind).toBe("expired");
  expect(await typesIn(store)).toEqual(["StockReceived", "CommandExpired"]);
});

test("an expiry that is stored while the command is decided wins over it", async () => {
  const store = memoryEventStore();
  await handlerOver(store)(sent(receive(5), "http/1"));
  const id = "checkout/1/reserve-stock/inventory-pear#1";
  const metadata = { causationId: "cause", correlationId: "chain", issuedAt: "2026-01-01T00:00:00.000Z" };
  const at = metadata.issuedAt;
  const events = [{ type: "CommandExpired", data: { command: "ReserveStock", commandId: id } }] as const;
  const expiry: Commit = { streamId, version: 2, id: `${id}/expire`, at, events, metadata };
  const overtaken: EventStore = {
    ...store,
    append: async (commit) => {
      await store.append(expiry);
      return store.append(commit);
    },
  };
  expect((await handlerOver(overtaken)(sent(reserve("1", 2), id, { receipt: true }))).kind).toBe("expired");
  expect(await typesIn(store)).toEqual(["StockReceived", "CommandExpired"]);
});

describe("eventually consistent reads", () => {
  const stocked = async () => {
    const store = memoryEventStore();
    const handle = handlerOver(store);
    await handle(sent(receive(2), "http/1"));
    await handle(sent(reserve("1", 2), "http/2"));
    await handle(sent(receive(2), "http/3"));
    return store;
  };

  test("with a gap are not decided on: reserved stock is not promised again", async () => {
    const store = await stocked();
    const handle = handlerOver(lagging(store, ({ version }) => version === 2));
    expect(await handle(sent(reserve("2", 4), "http/4"))).toMatchObject({ code: "out-of-stock" });
    expect((await handle(sent(reserve("3", 2), "http/5"))).kind).toBe("accepted");
  });

  test("that lag reject nothing: a rejection is confirmed", async () => {
    const store = await stocked();
    const handle = handlerOver(lagging(store, ({ version }) => version >= 3));
    expect((await handle(sent(reserve("2", 2), "http/4"))).kind).toBe("accepted");
  });

  test("that lag find nothing to do only if there is nothing to do", async () => {
    const store = await stocked();
    const handle = handlerOver(lagging(store, ({ version }) => version >= 2));
    expect(await handle(sent(releaseStock({ sku: "pear", orderId: "1" }), "http/4"))).toMatchObject({
      events: [{ type: "StockReleased" }],
    });
  });

  test("that lag do not make a client's version stale", async () => {
    const store = await stocked();
    const handle = handlerOver(lagging(store, ({ version }) => version >= 3));
    expect((await handle(sent(receive(1), "http/4"), { ifMatch: [3] })).kind).toBe("accepted");
  });
});

test("the version is that of the last business event, even after receipts", async () => {
  const handle = handlerOver(memoryEventStore());
  await handle(sent(receive(1), "http/1"));
  await handle(sent(reserve("1", 9), "checkout/1/a#1", { receipt: true }));
  expect(await handle(sent(receive(1), "http/2"), { ifMatch: [2] })).toMatchObject({
    kind: "stale",
    version: 1,
  });
  expect(await handle(sent(receive(1), "http/2"), { ifMatch: [1] })).toMatchObject({
    kind: "accepted",
    version: 3,
  });
});

describe("a command is decided only if the version of its stream", () => {
  const kindOf = async (events: number, options: HandleOptions) => {
    const handle = handlerOver(memoryEventStore());
    for (let number = 1; number <= events; number += 1) await handle(sent(receive(1), `http/${number}`));
    // A receipt is not visible to clients.
    await handle(sent(reserve("1", 9), "checkout/1/a#1", { receipt: true }));
    const { kind, version } = await handle(sent(receive(1), "http/new"), options);
    return kind === "stale" ? `stale at ${version}` : kind;
  };

  test.each<readonly [string, number, HandleOptions, string]>([
    ["is one of If-Match", 2, { ifMatch: [1, 2] }, "accepted"],
    ["is not missing in If-Match", 2, { ifMatch: [1, 3] }, "stale at 2"],
    ["is anything, for *", 1, { ifMatch: "any" }, "accepted"],
    ["is not nothing, for *", 0, { ifMatch: "any" }, "stale at 0"],
    ["is nothing, for 0", 0, { ifMatch: [0] }, "accepted"],
    ["is none at all if If-Match names no version", 1, { ifMatch: [] }, "stale at 1"],
    ["is none of If-None-Match", 2, { ifNoneMatch: [1, 3] }, "accepted"],
    ["is not in If-None-Match", 2, { ifNoneMatch: [1, 2] }, "stale at 2"],
    ["is nothing, for If-None-Match: *", 0, { ifNoneMatch: "any" }, "accepted"],
    ["is not anything, for If-None-Match: *", 1, { ifNoneMatch: "any" }, "stale at 1"],
    ["fits both", 2, { ifMatch: [2], ifNoneMatch: [2] }, "stale at 2"],
  ])("%s", async (_, events, options, expected) => {
    expect(await kindOf(events, options)).toBe(expected);
  });
});

test("of many concurrent commands each is decided on the commits of all others", async () => {
  const store = memoryEventStore();
  await handlerOver(store)(sent(receive(3), "http/stock"));
  const orders = ["1", "2", "3", "4", "5"];
  const answers = await Promise.all(
    orders.map((order) => handlerOver(store)(sent(reserve(order, 1), `http/${order}`))),
  );
  expect(answers.map(({ kind }) => kind).toSorted()).toEqual([
    ...["accepted", "accepted", "accepted"],
    ...["rejected", "rejected"],
  ]);
});

test("a command that loses every race until the deadline is contended and stores nothing", async () => {
  const store = memoryEventStore();
  let rival = 0;
  const hot: EventStore = {
    ...store,
    append: async (commit) => {
      rival += 1;
      await handlerOver(store)(sent(receive(1), `http/rival-${rival}`));
      return store.append(commit);
    },
  };
  expect((await handlerOver(hot)(sent(receive(1), "http/1"))).kind).toBe("contended");
  const commits = await store.read(streamId, { consistency: "strong" });
  expect(commits.map(({ id }) => id)).not.toContain("http/1");
});

describe("a command that creates its stream", () => {
  const shipTo = { name: "Ann", street: "1 Road", city: "Bern", postalCode: "3000", country: "CH" };
  const arrange = (authorization: string) =>
    arrangeShipment({ orderId: "1", shipTo, parcels: [{ sku: "pear", quantity: 1 }], authorization });
  const ship = sent(arrange("auth-1"), "ship", { receipt: true });

  /** A handler that counts its requests to the store. */
  const counting = () => {
    const store = memoryEventStore();
    const asked: string[] = [];
    const handle = handlerOver({
      read: (id, options) => {
        asked.push(`read ${options.consistency}`);
        return store.read(id, options);
      },
      append: async (commit) => {
        const appended = await store.append(commit);
        asked.push(appended.kind);
        return appended;
      },
    });
    return { store, asked, handle, types: () => typesIn(store, "shipment-1") };
  };

  test("is stored without reading", async () => {
    const { handle, asked } = counting();
    expect(await handle(ship)).toMatchObject({ kind: "accepted", repeated: false, version: 1 });
    expect(asked).toEqual(["appended"]);
  });

  test("and is repeated gets the answer in the stream", async () => {
    const { handle, asked, types } = counting();
    await handle(ship);
    expect(await handle(ship)).toMatchObject({ kind: "accepted", repeated: true, version: 1 });
    expect(asked).toEqual(["appended", "conflict"]);
    expect(await types()).toEqual(["ShipmentArranged"]);
  });

  test("is decided again on the existing stream", async () => {
    const { handle, types } = counting();
    await handle(ship);
    await handle(sent(cancelShipment({ orderId: "1" }), "cancel"));
    expect(await handle(sent(arrange("auth-2"), "again"))).toMatchObject({
      kind: "rejected",
      code: "shipment-cancelled",
    });
    expect(await types()).toEqual(["ShipmentArranged", "ShipmentCancelled"]);
  });

  test("does nothing once it has expired", async () => {
    const { handle, store, types } = counting();
    const answered = { command: "ArrangeShipment", commandId: ship.metadata.id };
    await store.append({
      streamId: "shipment-1",
      version: 1,
      id: expiryOf(ship.metadata.id),
      at: "2026-01-01T00:00:00.000Z",
      events: [{ type: "CommandExpired", data: answered }],
      metadata: { causationId: "cause", correlationId: "chain", issuedAt: "2026-01-01T00:00:00.000Z" },
    });
    expect(await handle(ship)).toMatchObject({ kind: "expired" });
    expect(await types()).toEqual(["CommandExpired"]);
  });

  test("from a client that has seen a version is stale, after a read", async () => {
    const { handle, asked } = counting();
    expect(await handle(ship, { ifMatch: [3] })).toMatchObject({ kind: "stale", version: 0 });
    expect(asked).toEqual(["read strong"]);
  });
});
