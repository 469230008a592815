/** The testing kit finds errors. The tests of the library and the shop show that it accepts correct code. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Context, type Decider, reject } from "../../lib/model/decider.ts";
import type { Projection } from "../../lib/model/projection.ts";
import { command, event } from "../../lib/model/reference.ts";
import { type Saga, sending } from "../../lib/model/saga.ts";
import { deciderCases } from "../../lib/testing/decider-cases.ts";
import { movingClock } from "../../lib/testing/moving-clock.ts";
import { recorded } from "../../lib/testing/recorded.ts";
import { rowsAfter, rowsAfterAnyOrder } from "../../lib/testing/rows-after.ts";
import { sagaCases } from "../../lib/testing/saga-cases.ts";

const data = z.object({ id: z.string() });
const commands = { Light: data, Snuff: data };
const events = { Lit: data, Snuffed: data };

type State = { readonly isLit: boolean };

/** The smallest decider with an event and a rejection: the tests below change one member to a wrong one. */
const candle: Decider<State, typeof commands, typeof events, readonly ["dark"]> = {
  name: "candle",
  identifiedBy: "id",
  commands,
  events,
  rejections: ["dark"],
  initialState: { isLit: false },
  decide: {
    Light: ({ data }, { isLit }) => (isLit ? [] : [{ type: "Lit", data }]),
    Snuff: ({ data }, { isLit }) =>
      isLit ? [{ type: "Snuffed", data }] : { rejected: "dark", because: "it is dark" },
  },
  evolve: { Lit: () => ({ isLit: true }), Snuffed: () => ({ isLit: false }) },
};

const [lit, snuffed] = [
  { type: "Lit", data: { id: "1" } },
  { type: "Snuffed", data: { id: "1" } },
] as const;
const [light, snuff] = [
  { type: "Light", data: { id: "1" } },
  { type: "Snuff", data: { id: "1" } },
] as const;

type Rows = Parameters<typeof deciderCases<State, typeof commands, typeof events, readonly ["dark"]>>[1];

const rows: Rows = [
  ["it is lit", [], light, [lit]],
  ["it is snuffed", [lit], snuff, [snuffed]],
  ["only light is snuffed", [], snuff, "dark"],
];

const failing = (cases: ReturnType<typeof deciderCases>) =>
  cases.flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch {
      return [name];
    }
  });

describe("the cases of a decider", () => {
  test("pass for a decider that does what its rows say", () => {
    expect(failing(deciderCases(candle, rows))).toEqual([]);
  });

  test.each<[name: string, decider: typeof candle, rows: Rows, found: readonly string[]]>([
    ["another event", candle, [...rows, ["lit again", [lit], light, [lit]]], ["lit again"]],
    ["another rejection", candle, [...rows, ["dark again", [lit], snuff, "dark"]], ["dark again"]],
    [
      "a command without a row",
      candle,
      [["it is lit", [lit], light, []]],
      ["Snuff has a row", "each rejection has a row", "each event is in a row and fits its schema unchanged"],
    ],
    [
      "a second effect",
      { ...candle, decide: { ...candle.decide, Light: ({ data }) => [{ type: "Lit", data }] } },
      rows,
      ["it is lit, and only once"],
    ],
    [
      "an event that breaks its schema",
      { ...candle, events: { ...events, Lit: z.object({ id: z.string().max(0) }) } },
      rows,
      ["each event is in a row and fits its schema unchanged"],
    ],
  ])("find %s", (_, decider, rows, found) => {
    expect(failing(deciderCases(decider, rows))).toEqual(found);
  });

  test("find a command without a row in one kind of state", () => {
    const kinds = { all: ["dark", "lit"], of: ({ isLit }: State) => (isLit ? "lit" : "dark") };
    expect(failing(deciderCases(candle, rows, { kinds }))).toEqual([
      "Light has a row in every kind of state",
    ]);
  });

  test("decide with the actor of their row, also the second time", () => {
    const ada = { subject: "ada", scopes: ["keeper"] };
    const isKeeper = (actor: Context["actor"]) => actor?.scopes.includes("keeper") ?? false;
    const guarded: typeof candle = {
      ...candle,
      decide: {
        Light: ({ data }, { isLit }, { actor }) => {
          if (!isKeeper(actor)) return reject("dark", "only a keeper lights it");
          return isLit ? [] : [{ type: "Lit", data }];
        },
        Snuff: ({ data }, _, { actor }) => (isKeeper(actor) ? [{ type: "Snuffed", data }] : []),
      },
    };
    expect(
      failing(
        deciderCases(guarded, [
          ["a keeper lights it", [], light, [lit], ada],
          ["others do not", [], light, "dark", { ...ada, scopes: [] }],
          ["sagas do not", [], light, "dark"],
          ["a keeper snuffs it twice", [lit], snuff, [snuffed], ada],
        ]),
      ),
    ).toEqual(["a keeper snuffs it twice, and only once"]);
  });

  test("find an evolution that changes the old state", () => {
    const evolve = { ...candle.evolve, Snuffed: (before: State) => Object.assign(before, { isLit: false }) };
    expect(failing(deciderCases({ ...candle, evolve }, rows))).toEqual([
      "each event evolves each state without changing the old state",
    ]);
  });
});

const row = z.object({ last: z.string() });
const lastLit: Projection<typeof row, typeof candle> = {
  name: "last-lit",
  row,
  sources: [candle],
  on: { Lit: { key: () => "all", evolve: (_, { data: { id } }) => ({ last: id }) } },
};

const two = recorded(candle, [lit, { type: "Lit", data: { id: "2" } }]);

test("rows that depend on the order between streams are found", () => {
  expect(rowsAfter(lastLit, two)).toEqual({ all: { last: "2" } });
  expect(() => rowsAfterAnyOrder(lastLit, two)).toThrow(
    "projection last-lit: expected the same rows for every order between streams",
  );
});

test("a row that breaks its schema is found", () => {
  const broken = { ...lastLit, row: z.object({ last: z.string().max(0) }) };
  expect(() => rowsAfter(broken, two)).toThrow("projection last-lit, row all, /last");
});

const ofCandle = ({ data }: { readonly data: { readonly id: string } }) => data;
const vigil: Saga<ReturnType<typeof event<typeof events, "Lit">>> = {
  name: "vigil",
  startsOn: event(candle, "Lit"),
  identifiedBy: ({ data }) => data.id,
  steps: [
    {
      name: "burn",
      send: sending(command(candle, "Light"), ofCandle),
      succeeds: [event(candle, "Snuffed")],
      fails: [],
      timeoutSeconds: 60,
    },
  ],
  completes: sending(command(candle, "Snuff"), ofCandle),
  abandons: sending(command(candle, "Snuff"), ofCandle),
};
const [start] = two;

test("a saga at another step, or with other commands, is found", () => {
  if (!start) throw new Error("two events are recorded");
  const snuffIt = command(candle, "Snuff")({ id: "1" });
  const cases = sagaCases(vigil, start, [
    ["right", ["timed out"], "abandon", [snuffIt]],
    ["parked", ["timed out", { rejected: "dark" }], "parked", []],
    ["wrong step", ["timed out"], "burn", [snuffIt]],
    ["wrong command", ["timed out"], "abandon", []],
    ["too many answers", [snuffed, snuffed, snuffed], "completed", []],
  ]);
  expect(failing(cases)).toEqual(["wrong step", "wrong command", "too many answers"]);
  expect(() => sagaCases({ ...vigil, startsOn: event(candle, "Snuffed") }, start, [])).toThrow(
    "saga vigil: expected its start candle.Snuffed, got Lit of candle-1",
  );
});

test("the moving clock ends waits in order, each at its time", async () => {
  const clock = movingClock(new Date(0));
  const ended: string[] = [];
  for (const seconds of [3, 1, 2])
    void clock.sleep(seconds * 1000).then(() => ended.push(`${seconds} at ${clock.now().getTime()}`));
  const until = new Date(2000);
  while (clock.endNext(until)) await Promise.resolve();
  expect(ended).toEqual(["1 at 1000", "2 at 2000"]);
  clock.moveTo(new Date(1000));
  expect(clock.now()).toEqual(until);
});
