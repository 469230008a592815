/**
 * A business whose every leg can be made to refuse or to keep silent, there and back: for sagas of any shape that
 * fail wherever they are told to.
 */
import * as z from "zod";
import type { Application } from "../../lib/model/application.ts";
import { type Decider, reject } from "../../lib/model/decider.ts";
import { command, event } from "../../lib/model/reference.ts";
import { type Saga, sending } from "../../lib/model/saga.ts";

const leg = z.string().min(1);
const how = z.enum(["refuses", "is silent"]);

const commands = {
  Plan: z.object({ leg, trip: z.string() }),
  Hinder: z.object({ leg, way: z.enum(["there", "back"]), how }),
  Clear: z.object({ leg }),
  Go: z.object({ leg }),
  Return: z.object({ leg }),
};

const events = {
  Planned: commands.Plan,
  Hindered: commands.Hinder,
  Cleared: commands.Clear,
  Gone: commands.Go,
  SetOut: commands.Go,
  Returned: commands.Return,
};

const rejections = ["hindered"] as const;

type Hindrance = z.output<typeof how> | undefined;
type State = { readonly there: Hindrance; readonly back: Hindrance };

const hindered = reject("hindered", "the road is closed");

export const legs: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "leg",
  identifiedBy: "leg",
  commands,
  events,
  rejections,
  initialState: { there: undefined, back: undefined },
  decide: {
    Plan: ({ data }) => [{ type: "Planned", data }],
    Hinder: ({ data }) => [{ type: "Hindered", data }],
    Clear: ({ data }) => [{ type: "Cleared", data }],
    Go: ({ data }, { there }) => {
      if (there === "refuses") return hindered;
      return [{ type: there === undefined ? "Gone" : "SetOut", data }];
    },
    Return: ({ data }, { back }) => (back === undefined ? [{ type: "Returned", data }] : hindered),
  },
  evolve: {
    Planned: (state) => state,
    Hindered: (state, { data: { way, how } }) => ({ ...state, [way]: how }),
    Cleared: () => ({ there: undefined, back: undefined }),
    Gone: (state) => state,
    SetOut: (state) => state,
    Returned: (state) => state,
  },
};

const planned = event(legs, "Planned");
const go = command(legs, "Go");
const goBack = command(legs, "Return");

export const plan = () => command(legs, "Plan")({ leg: "home", trip: "1" });
export const hinder = (leg: string, way: "there" | "back", how: "refuses" | "is silent") =>
  command(legs, "Hinder")({ leg, way, how });
export const clear = (leg: string) => command(legs, "Clear")({ leg });

export type Shape = {
  readonly name: string;
  readonly steps: readonly string[];
  readonly pivot?: string;
  /** Steps without an undo. */
  readonly oneWay?: readonly string[];
  /** Each step but the pivot has a condition, which holds, and one before it whose condition does not. */
  readonly conditional?: true;
  /** Nobody waits: a leg that is silent decides nothing. */
  readonly waits?: false;
};

export const shapes: readonly Shape[] = [
  { name: "without a pivot", steps: ["one", "two", "three"] },
  { name: "with a step that has no undo", steps: ["one", "two", "three"], oneWay: ["two"] },
  { name: "with the pivot first", steps: ["one", "two"], pivot: "one", oneWay: ["two"] },
  { name: "with the pivot in the middle", steps: ["one", "two", "three"], pivot: "two", oneWay: ["three"] },
  { name: "with the pivot last", steps: ["one", "two"], pivot: "two" },
  { name: "with steps that are skipped", steps: ["one", "two", "three"], oneWay: ["two"], conditional: true },
  {
    name: "with steps that are skipped, and a pivot",
    steps: ["one", "two", "three"],
    pivot: "two",
    oneWay: ["three"],
    conditional: true,
  },
  { name: "that waits for nobody", steps: ["one", "two", "three"], oneWay: ["two"], waits: false },
  {
    name: "that waits for nobody, with a pivot",
    steps: ["one", "two", "three"],
    pivot: "two",
    oneWay: ["three"],
    waits: false,
  },
];

const stepsOf = ({ steps, pivot, oneWay = [], conditional, waits }: Shape): Saga<typeof planned>["steps"] =>
  steps.flatMap((name) => {
    const step = {
      name,
      send: sending(go, () => ({ leg: name })),
      succeeds: [event(legs, "Gone")],
      fails: [],
      timeoutSeconds: 60,
      ...(waits === false && { waits }),
      ...(!oneWay.includes(name) && { undo: sending(goBack, () => ({ leg: name })) }),
    };
    if (!conditional) return [name === pivot ? { ...step, pivot: true } : step];
    const skipped = { ...step, name: `not-${name}`, onlyIf: () => false };
    return [skipped, name === pivot ? { ...step, pivot: true } : { ...step, onlyIf: () => true }];
  });

export const tripOf = (shape: Shape): Saga<typeof planned> => ({
  name: "trip",
  startsOn: planned,
  identifiedBy: ({ data }) => data.trip,
  steps: stepsOf(shape),
  completes: sending(go, () => ({ leg: "end" })),
  abandons: sending(goBack, () => ({ leg: "home" })),
});

export const travelling = (shape: Shape): Application<object> => ({
  name: "travelling",
  deciders: [legs],
  projections: [],
  effects: [],
  sagas: [tripOf(shape)],
  routes: [],
});
