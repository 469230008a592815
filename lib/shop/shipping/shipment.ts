/**
 * The shipment of an order. It is arranged once, for a paid order, and can be cancelled until the order is
 * confirmed.
 */
import * as z from "zod";
import { type Decider, reject } from "../../model/decider.ts";
import { command, event } from "../../model/reference.ts";
import { shipTo } from "../orders/ship-to.ts";
import { orderId, sku } from "../values/identifier.ts";

const parcels = z.array(z.object({ sku, quantity: z.int().positive() }));
/** The authorization that pays for the shipment. */
const authorization = z
  .string()
  .min(1)
  .meta({ examples: ["auth-1"] });

const commands = {
  ArrangeShipment: z.object({ orderId, shipTo, parcels, authorization }),
  CancelShipment: z.object({ orderId }),
};

const events = {
  ShipmentArranged: z.object({ orderId, shipTo, parcels, authorization }),
  ShipmentCancelled: z.object({ orderId }),
};

const rejections = ["shipment-cancelled"] as const;

type State = { readonly status: "none" | "arranged" | "cancelled" };

export const shipment: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "shipment",
  identifiedBy: "orderId",
  commands,
  events,
  rejections,
  initialState: { status: "none" },
  begins: ["ArrangeShipment"],
  decide: {
    ArrangeShipment: ({ data }, { status }) => {
      if (status === "cancelled") return reject("shipment-cancelled", "this shipment was cancelled");
      return status === "none" ? [{ type: "ShipmentArranged", data }] : [];
    },
    CancelShipment: ({ data }, { status }) =>
      status === "arranged" ? [{ type: "ShipmentCancelled", data }] : [],
  },
  evolve: {
    ShipmentArranged: () => ({ status: "arranged" }),
    ShipmentCancelled: () => ({ status: "cancelled" }),
  },
};

export const shipmentArranged = event(shipment, "ShipmentArranged");
export const arrangeShipment = command(shipment, "ArrangeShipment");
export const cancelShipment = command(shipment, "CancelShipment");
