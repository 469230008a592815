import { expect, test } from "vitest";
import * as z from "zod";
import { command, event } from "../../lib/model/reference.ts";

const schema = z.object({ taskId: z.string() });
const task = { name: "task", identifiedBy: "taskId", commands: { Add: schema }, events: { Added: schema } };

/** Without a type check, any name arrives. */
const unchecked = <Name extends string>(known: Name, given: string): Name =>
  Object.assign([known], [given])[0] ?? known;

test("a reference to an unknown command or event throws where it is made, and names the known ones", () => {
  expect(() => command(task, unchecked("Add", "Ad"))).toThrow(
    "decider task: expected a command in Add, got Ad",
  );
  expect(() => event(task, unchecked("Added", "Addd"))).toThrow(
    "decider task: expected an event in Added, got Addd",
  );
  expect(() => event(task, unchecked("Added", "toString"))).toThrow("got toString");
});
