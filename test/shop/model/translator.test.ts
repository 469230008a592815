import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { ForeignEvent } from "../../../lib/model/events/foreign-event.ts";
import { commandIdOf, translate } from "../../../lib/model/translator.ts";
import { stockDeliveries } from "../../../lib/shop/stock/stock-deliveries.ts";

const delivered: ForeignEvent = {
  id: "d-1",
  source: "warehouse",
  type: "StockDelivered",
  time: "2026-01-31T12:00:00Z",
  data: { article: "pear", pieces: 4, shelf: "A7" },
};

test("an event becomes a command with an id that is derived from the event", () => {
  expect(translate(stockDeliveries, delivered)).toEqual([
    {
      type: "ReceiveStock",
      data: { sku: "pear", quantity: 4 },
      streamId: "inventory-pear",
      metadata: {
        id: "stock-deliveries/warehouse/d-1",
        causationId: "warehouse/d-1",
        correlationId: "stock-deliveries/warehouse/d-1",
        issuedAt: "1970-01-01T00:00:00.000Z",
        actor: "warehouse",
        receipt: true,
      },
    },
  ]);
});

test("the command continues the trace of the event", () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const traced = { ...delivered, correlationId: "c-1", traceparent };
  const [command] = translate(stockDeliveries, traced);
  expect(command?.metadata).toMatchObject({ correlationId: "c-1", traceparent });
});

test("an invalid traceparent of the event is ignored", () => {
  const traceparent = `00-${"0".repeat(32)}-b7ad6b7169203331-01`;
  const [command] = translate(stockDeliveries, { ...delivered, traceparent });
  expect(command?.metadata.traceparent).toBeUndefined();
});

describe("ids of commands differ", () => {
  const id = (name: string, event: Partial<ForeignEvent>) =>
    commandIdOf({ name }, { ...delivered, ...event });
  test.each([
    ["if the events differ", id("a", { id: "1" }), id("a", { id: "2" })],
    ["if the systems differ", id("a", { source: "b" }), id("a", { source: "c" })],
    ["if the translators differ", id("a", {}), id("b", {})],
    ["if the parts have slashes", id("a", { source: "b/c", id: "d" }), id("a", { source: "b", id: "c/d" })],
    ["from the expiry of another command", `${id("a", { id: "1" })}/expire`, id("a", { id: "1/expire" })],
  ])("%s", (_, one, other) => {
    expect(one).not.toBe(other);
  });
});

describe("an event is refused, with the reason, that", () => {
  test.each([
    [
      "another system publishes",
      { source: "shop" },
      "translator stock-deliveries: expected StockDelivered of warehouse",
    ],
    ["is of another type", { type: "StockCounted" }, "got StockCounted of warehouse"],
    ["lacks a required field", { data: { article: "pear" } }, "→ at pieces"],
    ["has an impossible value", { data: { article: "pear", pieces: -1 } }, "→ at pieces"],
    [
      "names an article with characters that ids do not have",
      { data: { article: "a b", pieces: 1 } },
      "→ at article",
    ],
    ["has no data", { data: undefined }, "must be an object"],
  ])("%s", (_, changed, because) => {
    expect(() => translate(stockDeliveries, { ...delivered, ...changed })).toThrow(because);
  });

  test("has bytes as data, even if no field is required", () => {
    const anything = { ...stockDeliveries, schema: z.object({ article: z.string().optional() }) };
    expect(() => translate(anything, { ...delivered, data: Uint8Array.of(1) })).toThrow(
      "to have JSON data, got bytes of another datacontenttype",
    );
  });

  test("leads to two commands for one stream, of which only the first would have an effect", () => {
    const { send } = stockDeliveries;
    const twice = {
      ...stockDeliveries,
      send: { ...send, make: (event: never) => [...send.make(event), ...send.make(event)] },
    };
    expect(() => translate(twice, delivered)).toThrow("expected at most one command per stream");
  });
});
