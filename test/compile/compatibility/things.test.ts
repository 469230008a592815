/** What each change of a part means. */
import { expect, test } from "vitest";
import * as z from "zod";
import { sentenceOf } from "../../../lib/compile/compatibility/changes/change.ts";
import { changesBetween } from "../../../lib/compile/compatibility/changes/changes.ts";
import { contractOf } from "../../../lib/compile/compatibility/contract/contract-of.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import { lift, old, today } from "../../../lib/model/events/past.ts";
import { fact } from "../../../lib/model/http/fact.ts";
import { event } from "../../../lib/model/reference.ts";
import { sending } from "../../../lib/model/saga.ts";
import {
  booking,
  cancelTrip,
  changing,
  releaseSeat,
  reserveSeat,
  seat,
  seatRefused,
  seatReserved,
  trip,
  tripConfirmed,
  trips,
} from "./trips.ts";

const { decider, projection, effect, translator, saga, step, route } = changing;

const before = contractOf(trips);

const changesTo = (after: AnyApplication) => changesBetween(before, contractOf(after));

const [first, second] = booking.steps;
if (!first || !second) throw new Error("expected two steps");

const one = sending(reserveSeat, ({ data }) => ({ seatId: "1", tripId: data.tripId }));
const oneUndo = sending(releaseSeat, ({ data }) => ({ seatId: "1", tripId: data.tripId }));
const cancelsEach: (typeof booking)["steps"][number]["send"] = sending(cancelTrip, ({ data }) =>
  data.seats.map((tripId) => ({ tripId })),
);
const refusesExample = sending(reserveSeat, () => {
  throw new Error("expected a real trip");
});
const owner = { exempt: ["clerk"], fact: fact(trip, () => undefined) };

/** What is changed, and the lines that say so. */
const rows: readonly (readonly [what: string, after: AnyApplication, lines: readonly string[]])[] = [
  ["nothing", trips, []],
  [
    "the name of the application",
    { ...trips, name: "travel" },
    ["breaking: application trips: is removed", "compatible: application travel: is new"],
  ],
  [
    "a removed decider, without a line for each of its messages",
    { ...trips, deciders: [trip] },
    ["breaking: decider seat: is removed"],
  ],
  [
    "a renamed decider without its earlier name",
    decider({ name: "journey" }),
    ["breaking: decider trip: is removed", "compatible: decider journey: is new"],
  ],
  [
    "the field that identifies a stream",
    decider({ identifiedBy: "id" }),
    ["breaking: decider trip: identifying field was tripId and is id"],
  ],
  [
    "a rejection that becomes another",
    decider({ rejections: ["unknown-trip"] }),
    [
      "published: decider trip: rejection no-trip is removed",
      "compatible: decider trip: rejection unknown-trip is new",
    ],
  ],
  [
    "a removed projection, without a line for its rows",
    { ...trips, projections: [] },
    ["breaking: projection places: is removed"],
  ],
  [
    "a key, an event and an index of a projection",
    projection({
      on: {
        SeatReserved: { key: () => "", evolve: () => undefined },
        SeatRefused: { key: "seatId", evolve: () => undefined },
      },
      indexes: { byTrip: { by: "tripId", newestFirst: "state" }, all: {} },
    }),
    [
      "breaking: projection places: key seat.SeatReserved: seatId is removed",
      "breaking: projection places: key seat.SeatReserved: a function is new",
      "breaking: projection places: key seat.SeatRefused: seatId is new",
      "breaking: projection places: index byTrip (by tripId) is removed",
      "breaking: projection places: index byTrip (by tripId, newest state first) is new",
      "breaking: projection places: index all is new",
    ],
  ],
  [
    "rows with a new optional field, a shorter text and a field less",
    projection({
      row: z.object({ seatId: z.string(), state: z.string().max(5), note: z.string().optional() }),
    }),
    [
      "breaking: rows of projection places: state must have at most 5 characters",
      "breaking: rows of projection places: note is new and optional",
      "breaking: rows of projection places: tripId is removed",
    ],
  ],
  ["a removed effect", { ...trips, effects: [] }, ["breaking: effect greet: is removed"]],
  [
    "the event of an effect",
    effect({ on: seatReserved }),
    ["breaking: effect greet: event was trip.TripConfirmed and is seat.SeatReserved"],
  ],
  [
    "the event and the command of a translator",
    translator({ channel: "works", send: one }),
    [
      "breaking: translator closures: event was SeatBroken of facilities on repairs and is SeatBroken of facilities on works",
      "compatible: translator closures: command was seat.ReleaseSeat and is seat.ReserveSeat",
    ],
  ],
  [
    "a removed translator",
    { ...trips, translators: [] },
    [
      "breaking: translator closures: is removed",
      "breaking: foreign event facilities.SeatBroken: is removed",
    ],
  ],
  [
    "a removed saga, without a line for each step",
    { ...trips, sagas: [] },
    ["breaking: saga booking: is removed"],
  ],
  [
    "a new saga, without a line for each step",
    { ...trips, sagas: [booking, { ...booking, name: "rebooking" }] },
    ["compatible: saga rebooking: is new"],
  ],
  [
    "the start and the commands at the end of a saga",
    saga({ startsOn: seatReserved, completes: booking.abandons, abandons: booking.completes }),
    [
      "breaking: saga booking: start was trip.TripRequested and is seat.SeatReserved",
      "breaking: saga booking: last command was trip.ConfirmTrip and is trip.CancelTrip",
      "breaking: saga booking: command after compensation was trip.CancelTrip and is trip.ConfirmTrip",
    ],
  ],
  [
    "steps in another order",
    saga({ steps: [second, first] }),
    ["breaking: saga booking: order of the steps was reserve, confirm and is confirm, reserve"],
  ],
  [
    "a removed and a new step, which do not count as another order",
    saga({ steps: [{ ...second, name: "announce" }, second] }),
    ["breaking: step booking/reserve: is removed", "breaking: step booking/announce: is new"],
  ],
  [
    "a renamed step without its earlier name",
    step({ name: "hold" }),
    ["breaking: step booking/reserve: is removed", "breaking: step booking/hold: is new"],
  ],
  [
    "a step that sends one command instead of one for each seat, and so does its undo",
    step({ send: one, undo: oneUndo }),
    [
      "breaking: step booking/reserve: several commands was yes and is no",
      "breaking: step booking/reserve: several commands of the undo was yes and is no",
    ],
  ],
  ["a step whose function refuses the example", step({ send: refusesExample }), []],
  [
    "the command of a step, one per trip as before",
    step({ send: cancelsEach }),
    ["breaking: step booking/reserve: command was seat.ReserveSeat and is trip.CancelTrip"],
  ],
  [
    "other outcomes of a step",
    step({ succeeds: [seatReserved, tripConfirmed], fails: [] }),
    [
      "breaking: step booking/reserve: event of failure seat.SeatRefused is removed",
      "compatible: step booking/reserve: event of success trip.TripConfirmed is new",
    ],
  ],
  [
    "an outcome that comes from outside",
    step({ fails: [{ ...seatRefused, instance: () => undefined }] }),
    [
      "breaking: step booking/reserve: event of failure seat.SeatRefused is removed",
      "compatible: step booking/reserve: event of failure seat.SeatRefused from outside is new",
    ],
  ],
  [
    "how a step waits, its condition, its pivot and its timeout",
    step({ waits: false, onlyIf: () => true, pivot: true, timeoutSeconds: 90 }),
    [
      "breaking: step booking/reserve: waiting was yes and is no",
      "breaking: step booking/reserve: condition (onlyIf) was no and is yes",
      "breaking: step booking/reserve: pivot was no and is yes",
      "compatible: step booking/reserve: timeout in seconds was 60 and is 90",
    ],
  ],
  [
    "a step without its undo",
    step({ undo: undefined }),
    ["breaking: step booking/reserve: undo seat.ReleaseSeat is removed"],
  ],
  ["an access name", { ...trips, access: ["guest"] }, ["breaking: access clerk: is removed"]],
  [
    "a removed route",
    { ...trips, routes: trips.routes.slice(1) },
    ["breaking: route POST /trips/{}: is removed"],
  ],
  ["another name of a path parameter", route(1, { path: "/seats/{id}" }), []],
  [
    "who may call a route",
    route(1, { access: "clerk" }),
    [
      "breaking: route GET /seats/{}: caller guest is removed",
      "compatible: route GET /seats/{}: caller clerk is new",
    ],
  ],
  [
    "a route without its owner",
    route(0, { owner: "none" }),
    [
      "breaking: route POST /trips/{}: caller clerk is removed",
      "breaking: route POST /trips/{}: owner fact of the stream is removed",
      "breaking: route POST /trips/{}: exemption from ownership clerk is removed",
    ],
  ],
  [
    "a route with an owner",
    route(2, { owner: { ...owner, field: "tripId" } }),
    [
      "breaking: route GET /seats: owner field tripId is new",
      "breaking: route GET /seats: owner fact of the stream is new",
      "compatible: route GET /seats: exemption from ownership clerk is new",
    ],
  ],
  [
    "a route that requires an Idempotency-Key",
    route(0, { key: "required" }),
    ["breaking: route POST /trips/{}: Idempotency-Key required is new"],
  ],
  [
    "what a route does, and the stream of its ETag",
    { ...route(1, { versionOf: trip }), routes: route(1, { versionOf: trip }).routes.slice(0, 2) },
    [
      "breaking: route GET /seats/{}: stream of its ETag was seat and is trip",
      "breaking: route GET /seats: is removed",
    ],
  ],
  [
    "the filters of a list",
    route(2, { indexes: [] }),
    ["breaking: route GET /seats: filter tripId is removed"],
  ],
  [
    "another command of a route",
    route(0, { command: reserveSeat }),
    ["breaking: route POST /trips/{}: meaning was sends trip.RequestTrip and is sends seat.ReserveSeat"],
  ],
];

test.each(rows)("%s", (_, after, lines) => {
  expect(changesTo(after).map((change) => `${change.kind}: ${sentenceOf(change)}`)).toEqual(lines);
});

test("every breaking change says what to do", () => {
  const silent = rows
    .flatMap(([, after]) => changesTo(after))
    .filter(({ kind, advice }) => kind === "breaking" && !advice);
  expect(silent).toEqual([]);
});

test.each([
  "decider seat",
  "projection places",
  "effect greet",
  "saga booking",
  "translator closures",
  "step booking/reserve",
])("the advice for the removal of %s names formerly", (place) => {
  const none = { deciders: [trip], projections: [], effects: [], sagas: [], translators: [] };
  const all = [...changesTo({ ...trips, ...none }), ...changesTo(saga({ steps: [second] }))];
  const found = all.filter((change) => sentenceOf(change) === `${place}: is removed`);
  expect(found.map(({ advice }) => advice)).toEqual([expect.stringContaining("add formerly:")]);
});

test.each([
  ["decider", decider({ name: "journey", formerly: ["trip"] }), "decider trip"],
  ["projection", projection({ name: "chairs", formerly: ["places"] }), "projection places"],
  ["effect", effect({ name: "welcome", formerly: ["greet"] }), "effect greet"],
  ["translator", translator({ name: "repairs", formerly: ["closures"] }), "translator closures"],
  ["saga", saga({ name: "trip-booking", formerly: ["booking"] }), "saga booking"],
  ["step", step({ name: "hold", formerly: ["reserve"] }), "step booking/reserve"],
] as const)("a renamed %s with its earlier name breaks nothing", (_, after, place) => {
  const changes = changesTo(after);
  expect(changes.map(({ kind }) => kind)).toEqual(["compatible"]);
  expect(changes.map(sentenceOf)).toEqual([expect.stringMatching(new RegExp(`^${place}: name was `))]);
});

test("consumers of an event that is lifted to another type are the same", () => {
  const { SeatReserved, ...others } = seat.events;
  const events = { ...others, SeatHeld: SeatReserved, SeatKept: SeatReserved };
  const reserved = old("SeatReserved", 1, SeatReserved, { seatId: "12A", tripId: "1" });
  const held = old("SeatHeld", 1, SeatReserved, { seatId: "12A", tripId: "1" });
  const past = [lift(reserved, held, (data) => data), lift(held, today(events, "SeatKept"), (data) => data)];
  const renamed = { ...seat, events: { ...others, SeatKept: SeatReserved }, past };
  const kept = event(renamed, "SeatKept");
  const on = { SeatKept: { key: "seatId", evolve: () => undefined } };
  const after = {
    ...step({ succeeds: [kept] }),
    deciders: [trip, renamed],
    projections: projection({ sources: [renamed], on }).projections,
  };
  expect(changesTo(after).map((change) => `${change.kind}: ${sentenceOf(change)}`)).toEqual([
    "published: event seat.SeatReserved: is published no longer",
    "covered: event seat.SeatReserved@1: is read by lift to SeatHeld@1",
    "compatible: event seat.SeatKept: is new",
  ]);
});
