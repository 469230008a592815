/** Each rule for the past of a decider, broken once. */
import { expect, test } from "vitest";
import * as z from "zod";
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import { drop, lift, old, part, split, today, type Upcast } from "../../../lib/model/events/past.ts";
import { validate } from "../../../lib/model/validation/validate.ts";
import { parcel, withPast } from "../events/past.ts";

const application = (decider: AnyDecider): AnyApplication => ({
  name: "post",
  deciders: [decider],
  projections: [],
  effects: [],
  sagas: [],
  access: [],
  routes: [],
});

const events = { Sent: z.object({ to: z.string() }) };
const sent = today(events, "Sent");
const schema = z.object({ for: z.string() });
const sent1 = old("Sent", 1, schema, { for: "Ada" });
const sent2 = old("Sent", 2, schema, { for: "Ada" });
const up = ({ for: to }: { readonly for: string }) => ({ to });
const same = (data: { readonly for: string }) => data;

const problemsOf = (past: readonly Upcast[], of = events): readonly string[] =>
  validate(
    application({
      ...withPast(of, past),
      evolve: Object.fromEntries(Object.keys(of).map((type) => [type, () => 0])),
    }),
  ).map((problem) => problem.replace("decider parcel, past: ", ""));

test("a past that leads to today has no problems", () => {
  expect(validate(application(parcel))).toEqual([]);
  expect(problemsOf([lift(sent1, sent2, same), lift(sent2, sent, up)])).toEqual([]);
});

test("the past of a renamed decider is read from its streams, which keep their first name", () => {
  expect(validate(application({ ...parcel, name: "package", formerly: ["parcel"] }))).toEqual([]);
});

test.each<[string, readonly Upcast[], string]>([
  [
    "two links from one version",
    [lift(sent1, sent, up), drop(sent1, "unused")],
    "expected one link from Sent@1, got two; a released link stays as it is, so remove the new one",
  ],
  [
    "a gap",
    [lift(sent2, sent, up)],
    "expected all versions of Sent up to the last, got no Sent@1; add its link",
  ],
  [
    "a version that is not a number from 1 on",
    [drop(old("Seen", 0, schema, { for: "Ada" }), "unused")],
    "expected versions of Seen that count from 1, got 0",
  ],
  [
    "a circle",
    [lift(sent1, sent2, same), lift(sent2, sent1, same)],
    "expected links that end at today's events, got a circle: Sent@1 → Sent@2; let one of them lead on",
  ],
  [
    "a target that has no link",
    [lift(sent1, sent2, same)],
    "expected Sent@1 to lead to today's events, got Sent@2, which has no link; add one, made with the same old version",
  ],
  [
    "a target of another decider",
    [lift(sent1, today({ Sent: z.object({ to: z.string() }) }, "Sent"), up)],
    "expected Sent@1 to lead to today's events, got today's Sent, which is not one of its events; use today(events, type) with the events of this decider",
  ],
  [
    "a receipt",
    [drop(old("CommandIgnored", 1, schema, { for: "Ada" }), "unused")],
    "expected events that are not named as a receipt, got CommandIgnored@1; remove its link",
  ],
  [
    "a split into one type twice",
    [split(sent1, [sent, sent], (data) => [part(sent, up(data))])],
    "expected Sent@1 to split into different types, got Sent twice; name it once",
  ],
  [
    "a drop without a reason",
    [drop(sent1, " ")],
    "expected the reason why Sent@1 is dropped, got none; say who no longer needs it",
  ],
])("%s is refused", (_, past, problem) => expect(problemsOf(past)).toContain(problem));

test("an example that does not fit its own schema is refused, also if the event is dropped", () => {
  const numbered = z.object({ n: z.int().min(1) });
  const problem =
    "expected an example that fits the schema of Seen@1, got one whose /n must be at least 1; take the data of a stored event";
  const seen = old("Seen", 1, numbered, { n: 0 });
  expect(problemsOf([drop(seen, "unused")])).toEqual([problem]);
  expect(problemsOf([lift(seen, sent, () => ({ to: "Ada" }))])).toEqual([problem]);
});

test("an example that does not pass its chain is refused, with the place and the reason", () => {
  const short = { Sent: z.object({ to: z.string().max(2) }) };
  expect(problemsOf([lift(sent1, today(short, "Sent"), up)], short)).toEqual([
    "expected the example of Sent@1 to pass its chain of links, got: event example, Sent@2: /to must have at most 2 characters; correct the link, not the example of released data",
  ]);
});

test("a schema of an old version that JSON cannot represent is refused", () => {
  const dated = old("Sent", 1, z.object({ at: z.date() }), { at: new Date(0) });
  expect(problemsOf([drop(dated, "unused")])).toContainEqual(
    expect.stringMatching(/^decider parcel, event Sent@1, \/at: date: JSON cannot represent it/),
  );
});

test("a past that was not type-checked is refused, with the member that is missing", () => {
  const past: readonly Upcast[] = JSON.parse('[{ "kind": "lift", "from": { "type": "Sent" } }]');
  const problems = problemsOf(past);
  expect(problems).toContainEqual(
    expect.stringContaining("past[0].from: expected version to be a number, got none"),
  );
  expect(problems).toContainEqual(expect.stringContaining("past[0]: expected to to be an object, got none"));
});
