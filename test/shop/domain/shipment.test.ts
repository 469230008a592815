import { shipment } from "../../../lib/shop/shipping/shipment.ts";
import { orderId, placeable } from "./orders.ts";
import { scenario } from "./scenario.ts";

const parcels = placeable.lines.map(({ sku, quantity }) => ({ sku, quantity }));
const data = { orderId, shipTo: placeable.shipTo, parcels, authorization: "A1" };

const arrange = { type: "ArrangeShipment", data } as const;
const cancel = { type: "CancelShipment", data: { orderId } } as const;
const arranged = { type: "ShipmentArranged", data } as const;
const cancelled = { type: "ShipmentCancelled", data: { orderId } } as const;

scenario(shipment, { kinds: ["none", "arranged", "cancelled"], kindOf: ({ status }) => status }, [
  ["a shipment is arranged", [], arrange, [arranged]],
  ["a shipment is arranged once", [arranged], arrange, []],
  ["a cancelled shipment is not arranged again", [arranged, cancelled], arrange, "shipment-cancelled"],
  ["a shipment that was not arranged is not cancelled", [], cancel, []],
  ["a shipment is cancelled", [arranged], cancel, [cancelled]],
  ["a shipment is cancelled once", [arranged, cancelled], cancel, []],
]);
