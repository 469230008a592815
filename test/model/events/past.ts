/** A parcel whose events have changed in every way, for tests of what is read. */
import * as z from "zod";
import type { AnyDecider, Decider } from "../../../lib/model/decider.ts";
import { drop, lift, old, part, split, today } from "../../../lib/model/events/past.ts";

const parcelId = z.string();
const customer = z.object({ id: z.string(), name: z.string() });
const ofParcel = z.object({ parcelId });

export const events = {
  ParcelPlaced: z.object({ parcelId, customer, total: z.int(), placedOn: z.iso.date() }),
  ParcelPacked: z.object({ parcelId, weight: z.number().optional(), note: z.string().default("none") }),
  ParcelSent: z.object({ parcelId, carrier: z.string() }),
  ParcelCancelled: z.object({ parcelId, reason: z.string() }),
};

const placed1 = old(
  "ParcelPlaced",
  1,
  z.object({ parcelId, customerId: z.string(), customerName: z.string(), price: z.int() }),
  { parcelId: "1", customerId: "ada", customerName: "Ada", price: 100 },
);
const placed2 = old("ParcelPlaced", 2, z.object({ parcelId, customer, price: z.int() }), {
  parcelId: "1",
  customer: { id: "ada", name: "Ada" },
  price: 100,
});
const revoked1 = old("ParcelRevoked", 1, z.object({ parcelId, because: z.string().min(1) }), {
  parcelId: "1",
  because: "late",
});
const shipped1 = old("ParcelShipped", 1, z.object({ parcelId, by: z.string() }), {
  parcelId: "1",
  by: "post",
});
const viewed1 = old("ParcelViewed", 1, ofParcel, { parcelId: "1" });

const packed = today(events, "ParcelPacked");
const sent = today(events, "ParcelSent");

const commands = { ViewParcel: ofParcel };

/** The type that most tests use; its commands do not matter. */
export const parcel: Decider<number, typeof commands, typeof events, readonly []> = {
  name: "parcel",
  identifiedBy: "parcelId",
  commands,
  events,
  past: [
    lift(placed1, placed2, ({ parcelId, customerId: id, customerName: name, price }) => ({
      parcelId,
      customer: { id, name },
      price,
    })),
    lift(placed2, today(events, "ParcelPlaced"), ({ price: total, ...same }, { recordedAt }) => ({
      ...same,
      total,
      placedOn: recordedAt.slice(0, 10),
    })),
    lift(revoked1, today(events, "ParcelCancelled"), ({ parcelId, because: reason }) => ({
      parcelId,
      reason,
    })),
    split(shipped1, [packed, sent], ({ parcelId, by: carrier }) => [
      part(packed, { parcelId, note: "shipped" }),
      part(sent, { parcelId, carrier }),
    ]),
    drop(viewed1, "pages count their visits themselves"),
  ],
  rejections: [],
  initialState: 0,
  decide: { ViewParcel: () => [] },
  evolve: {
    ParcelPlaced: (count) => count + 1,
    ParcelPacked: (count) => count + 1,
    ParcelSent: (count) => count + 1,
    ParcelCancelled: (count) => count + 1,
  },
};

/** A decider with these events and this past instead. */
export const withPast = (
  events: AnyDecider["events"],
  past: NonNullable<AnyDecider["past"]>,
): AnyDecider => ({ ...parcel, events, past });
