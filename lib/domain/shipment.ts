/** The shipment of one order. */
import * as z from "zod";
import { type Decider, reject } from "../model/decider.ts";
import { command, event } from "../model/reference.ts";
import { address, orderId, quantity, sku } from "./fields.ts";

const parcels = z.array(z.object({ sku, quantity }));
const authorization = z.string().min(1);

const commands = {
  ArrangeShipment: z.object({ orderId, shipTo: address, parcels, authorization }),
  CancelShipment: z.object({ orderId }),
};

const events = {
  ShipmentArranged: commands.ArrangeShipment,
  ShipmentCancelled: commands.CancelShipment,
};

const rejections = ["called-off"] as const;

type State = { readonly status: "none" | "arranged" | "cancelled" };

export const shipment: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "shipment",
  identifiedBy: "orderId",
  commands,
  events,
  rejections,
  initialState: { status: "none" },
  decide: {
    ArrangeShipment: ({ data }, { status }) => {
      if (status === "cancelled") return reject("called-off", "this shipment was called off");
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
