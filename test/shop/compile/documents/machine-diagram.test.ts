import { expect, test } from "vitest";
import { toMachineDiagram } from "../../../../lib/compile/documents/machine-diagram.ts";
import { toStateMachine } from "../../../../lib/compile/machine/state-machine.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { lendingOf, step } from "../../../library/fixtures/lending-of.ts";

const definitionOf = (...given: Parameters<typeof toStateMachine>) => toStateMachine(...given);
const functionArn = "arn:aws:lambda:eu-central-1:1:function:task";

test("a state machine is drawn with each state, its waiting time, and each transition", () => {
  const saga = lendingOf([step("first", { timeoutSeconds: 5 })]);
  expect(toMachineDiagram(definitionOf(saga, { functionArn }))).toBe(`stateDiagram-v2
  state "first: waits 5 s" as first
  state "Expire first" as Expire_first
  state "Complete" as Complete
  state "Expire Complete" as Expire_Complete
  state "Park Complete: waits" as Park_Complete
  state "Undo first" as Undo_first
  state "Park Undo first: waits" as Park_Undo_first
  state "Abandon" as Abandon
  state "Park Abandon: waits" as Park_Abandon
  state "Completed" as Completed
  state "Compensated" as Compensated
  [*] --> first
  first --> Complete
  first --> Expire_first: any error
  Expire_first --> Complete
  Expire_first --> Undo_first: StepFailed
  Complete --> Completed
  Complete --> Park_Complete: Parked
  Complete --> Undo_first: StepFailed
  Complete --> Expire_Complete: any error
  Expire_Complete --> Completed
  Expire_Complete --> Park_Complete: Parked
  Expire_Complete --> Undo_first: StepFailed
  Park_Complete --> Complete
  Undo_first --> Abandon
  Undo_first --> Park_Undo_first: any error
  Park_Undo_first --> Undo_first
  Abandon --> Compensated
  Abandon --> Park_Abandon: any error
  Park_Abandon --> Abandon
  Completed --> [*]
  Compensated --> [*]`);
});

test("an optional step is a choice", () => {
  const saga = lendingOf([step("maybe", { onlyIf: () => true })]);
  const lines = toMachineDiagram(definitionOf(saga, { functionArn })).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "  state If_maybe <<choice>>",
      "  [*] --> If_maybe",
      "  If_maybe --> maybe",
      "  If_maybe --> Complete: skipped",
    ]),
  );
});

test.each(shop.sagas.map((saga) => [saga.name, saga] as const))(
  "the machine of %s is drawn completely, and no two of its states become one",
  (_, saga) => {
    const definition = definitionOf(saga, { functionArn });
    const lines = toMachineDiagram(definition).split("\n");
    const names = Object.keys(definition.States);
    expect(new Set(names.map((name) => name.replaceAll(/\W/g, "_"))).size).toBe(names.length);
    const ways = Object.values(definition.States).flatMap((state) => {
      if (state.Type === "Task") return [state.Next, ...(state.Catch ?? []).map(({ Next }) => Next)];
      return state.Type === "Choice" ? [state.Default, ...state.Choices.map(({ Next }) => Next)] : ["end"];
    });
    expect(lines.filter((line) => line.startsWith("  state "))).toHaveLength(names.length);
    expect(lines.filter((line) => line.includes("-->"))).toHaveLength(ways.length + 1);
  },
);
