import { order } from "../../lib/domain/order.ts";
import { orderId, placeable, total } from "./orders.ts";
import { scenario } from "./scenario.ts";

const { id: _, ...customer } = placeable.customer;

const place = { type: "PlaceOrder", data: placeable } as const;
const confirm = { type: "ConfirmOrder", data: { orderId } } as const;
const cancel = { type: "CancelOrder", data: { orderId, reason: "rain" } } as const;

const placed = { type: "OrderPlaced", data: { ...placeable, total } } as const;
const confirmed = { type: "OrderConfirmed", data: { orderId, customer, total } } as const;
const cancelled = { type: "OrderCancelled", data: cancel.data } as const;
const dated = { ...placeable, orderedAt: "1996-07-04" };

scenario(order, { kinds: ["new", "placed", "confirmed", "cancelled"], kindOf: ({ status }) => status }, [
  ["it is placed with its total", [], place, [placed]],
  [
    "it is placed with the date on which it was ordered",
    [],
    { type: "PlaceOrder", data: dated },
    [{ type: "OrderPlaced", data: { ...dated, total } }],
  ],
  ["it is placed once", [placed], place, "already-placed"],
  ["it is not placed again after its confirmation", [placed, confirmed], place, "already-placed"],
  ["it is not placed again after its cancellation", [placed, cancelled], place, "already-placed"],
  ["an unknown one is not confirmed", [], confirm, "unknown-order"],
  ["it is confirmed with what its mail needs", [placed], confirm, [confirmed]],
  ["a confirmed one stays confirmed", [placed, confirmed], confirm, []],
  ["a cancelled one is not confirmed", [placed, cancelled], confirm, "already-cancelled"],
  ["an unknown one is not cancelled", [], cancel, "unknown-order"],
  ["it is cancelled with the reason", [placed], cancel, [cancelled]],
  ["a confirmed one is not cancelled", [placed, confirmed], cancel, "already-confirmed"],
  [
    "a cancelled one keeps its first reason",
    [placed, cancelled],
    { type: "CancelOrder", data: { orderId, reason: "out-of-stock" } },
    [],
  ],
]);
