import { describe, expect, test } from "vitest";
import { decide, fold } from "../../../lib/model/decider.ts";
import { categoryOf, idOf, isStreamId, streamId } from "../../../lib/model/stream.ts";
import { order, placeOrder } from "../../../lib/shop/orders/order.ts";
import { placeable } from "../domain/orders.ts";

const context = { now: new Date(0) };

describe("a decider", () => {
  test("throws for a command that it does not know", () => {
    const unknown = { type: "ShipOrder", data: {} };
    expect(() => decide(order, unknown, order.initialState, context)).toThrow(
      /^decider order: expected a command in PlaceOrder, .*, got ShipOrder$/,
    );
  });

  test("throws for data that do not fit the schema of the command", () => {
    expect(() => decide(order, { type: "ConfirmOrder", data: {} }, order.initialState, context)).toThrow(
      "orderId",
    );
  });

  test("throws for an event that it does not know", () => {
    expect(() => fold(order, [{ type: "OrderShipped", data: {} }])).toThrow(
      /^decider order: expected an event in OrderPlaced, .*, got OrderShipped$/,
    );
  });
});

describe("a stream", () => {
  test("has a category and an id, which may have dashes", () => {
    const id = streamId("order", "2026-1");
    expect([id, categoryOf(id), idOf(id)]).toEqual(["order-2026-1", "order", "2026-1"]);
  });

  test.each(["order", "order-", "-1", ""])("is not %j", (text) => expect(isStreamId(text)).toBe(false));

  test("is derived from a command's data", () => {
    expect(placeOrder(placeable).streamId).toBe("order-10248");
    expect(() => placeOrder({ ...placeable, orderId: "" })).toThrow();
  });
});
