/** A small application with one part of each kind, and functions that change one of its parts. */
import * as z from "zod";
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import { fact } from "../../../lib/model/http/fact.ts";
import type { Route } from "../../../lib/model/http/route.ts";
import { command, event } from "../../../lib/model/reference.ts";
import { type Saga, sending } from "../../../lib/model/saga.ts";
import type { Translator } from "../../../lib/model/translator.ts";

const tripId = z.string();
const ofTrip = z.object({ tripId });
const ofSeat = z.object({ seatId: z.string(), tripId });

export const trip = {
  name: "trip",
  identifiedBy: "tripId",
  commands: {
    RequestTrip: ofTrip.extend({ seats: z.array(z.string()) }),
    ConfirmTrip: ofTrip,
    CancelTrip: ofTrip,
  },
  events: { TripRequested: ofTrip.extend({ seats: z.array(z.string()) }), TripConfirmed: ofTrip },
  rejections: ["no-trip"],
  initialState: {},
  decide: {},
  evolve: {},
} as const satisfies AnyDecider;

export const seat = {
  name: "seat",
  identifiedBy: "seatId",
  commands: { ReserveSeat: ofSeat, ReleaseSeat: ofSeat },
  events: { SeatReserved: ofSeat, SeatRefused: ofSeat },
  rejections: [],
  initialState: {},
  decide: {},
  evolve: {},
} as const satisfies AnyDecider;

export const reserveSeat = command(seat, "ReserveSeat");
export const releaseSeat = command(seat, "ReleaseSeat");
export const confirmTrip = command(trip, "ConfirmTrip");
export const cancelTrip = command(trip, "CancelTrip");
export const seatReserved = event(seat, "SeatReserved");
export const seatRefused = event(seat, "SeatRefused");
export const tripRequested = event(trip, "TripRequested");
export const tripConfirmed = event(trip, "TripConfirmed");

export const booking: Saga<typeof tripRequested> = {
  name: "booking",
  startsOn: tripRequested,
  identifiedBy: ({ data }) => data.tripId,
  steps: [
    {
      name: "reserve",
      send: sending(reserveSeat, ({ data }) => data.seats.map((seatId) => ({ seatId, tripId: data.tripId }))),
      succeeds: [seatReserved],
      fails: [seatRefused],
      timeoutSeconds: 60,
      undo: sending(releaseSeat, ({ data }) => data.seats.map((seatId) => ({ seatId, tripId: data.tripId }))),
    },
    {
      name: "confirm",
      send: sending(confirmTrip, ({ data }) => ({ tripId: data.tripId })),
      succeeds: [tripConfirmed],
      fails: [],
      timeoutSeconds: 60,
      waits: false,
      pivot: true,
    },
  ],
  completes: sending(confirmTrip, ({ data }) => ({ tripId: data.tripId })),
  abandons: sending(cancelTrip, ({ data }) => ({ tripId: data.tripId })),
};

const places = {
  name: "places",
  row: z.object({ seatId: z.string(), tripId, state: z.string().max(10) }),
  sources: [seat],
  on: { SeatReserved: { key: "seatId", evolve: () => undefined } },
  indexes: { byTrip: { by: "tripId" } },
};

const routes: readonly Route[] = [
  {
    method: "POST",
    path: "/trips/{tripId}",
    access: "guest",
    owner: { exempt: ["clerk"], fact: fact(trip, () => undefined) },
    command: command(trip, "RequestTrip"),
  },
  { method: "GET", path: "/seats/{seatId}", access: "guest", owner: "none", query: places, versionOf: seat },
  { method: "GET", path: "/seats", access: "clerk", owner: "none", list: places, indexes: ["byTrip"] },
];

const broken = z.object({ seat: z.string() });

const closures: Translator<typeof broken> = {
  name: "closures",
  source: "facilities",
  channel: "repairs",
  type: "SeatBroken",
  schema: broken,
  send: sending(releaseSeat, ({ data }) => ({ seatId: data.seat, tripId: "none" })),
};

export const trips: AnyApplication = {
  name: "trips",
  deciders: [trip, seat],
  projections: [places],
  effects: [
    { name: "greet", on: tripConfirmed, answers: [], uses: {}, perform: () => Promise.resolve(undefined) },
  ],
  sagas: [booking],
  translators: [closures],
  access: ["guest", "clerk"],
  routes,
};

/** The application with one of its only projection, effect, saga and translator changed. */
export const changing = {
  decider: (change: object): AnyApplication => ({ ...trips, deciders: [{ ...trip, ...change }, seat] }),
  projection: (change: object): AnyApplication => ({ ...trips, projections: [{ ...places, ...change }] }),
  effect: (change: object): AnyApplication => ({
    ...trips,
    effects: trips.effects.map((effect) => ({ ...effect, ...change })),
  }),
  translator: (change: object): AnyApplication => ({
    ...trips,
    translators: [{ ...closures, ...change }],
  }),
  saga: (change: object): AnyApplication => ({ ...trips, sagas: [{ ...booking, ...change }] }),
  /** Changes the first step. */
  step: (change: object): AnyApplication => ({
    ...trips,
    sagas: [
      {
        ...booking,
        steps: booking.steps.map((step, index) => (index === 0 ? { ...step, ...change } : step)),
      },
    ],
  }),
  /** Changes the route at this place of the list. */
  route: (place: number, change: object): AnyApplication => ({
    ...trips,
    routes: routes.map((route, index) => (index === place ? { ...route, ...change } : route)),
  }),
};
