/**
 * A diagram of a saga as a choreography. Each thick arrow is a delivery to the saga's handler: of the event or of the
 * deadline at its start. The thin and dotted arrows that follow are its row: what the same invocation does until another party
 * must decide, or the saga ends.
 */
import type { CommandReference } from "../../model/reference.ts";
import type { AnySaga, Outcome, Step } from "../../model/saga.ts";
import { answerSeconds } from "../../model/sagas/instance.ts";
import { type Drawn, event, inTheRow, resuming, undoing, waiting } from "./choreography-commands.ts";
import { type Arrow, type Box, end, flowchart, lines } from "./mermaid.ts";

const command = (name: string, { type, decider }: CommandReference): Box => ({
  kind: "command",
  name,
  text: lines([type, `to ${decider}`]),
});

const days = (seconds: number): string =>
  seconds > 86_400 && seconds % 86_400 === 0 ? `${seconds / 86_400} days` : `${seconds} s`;

const typeOf = ({ type, instance }: Outcome): string => (instance ? `${type}, from outside` : type);

/** The possible next steps of an instance that reaches this step. An optional step may be skipped. */
const nextOf = (
  steps: readonly Step<never>[],
  commands: readonly Box[],
  index: number,
): readonly Arrow["to"][] => {
  const box = commands[index];
  if (!box) return [];
  return steps[index]?.onlyIf ? [box, ...nextOf(steps, commands, index + 1)] : [box];
};

export const toChoreographyDiagram = ({ startsOn, steps, completes, abandons }: AnySaga): string => {
  const pivot = steps.findIndex((step) => step.pivot);
  const last = pivot >= 0 ? pivot : steps.length - 1;
  const complete = command("complete", completes.command);
  const abandon = command("abandon", abandons.command);
  const commands = [...steps.map(({ name, send }) => command(name, send.command)), complete];
  const undos = steps
    .slice(0, last + 1)
    .map(({ name, undo }) => undo && command(`undo ${name}`, undo.command));
  const compensationFrom = (index: number): Box =>
    undos.slice(0, index + 1).findLast((undo) => undo) ?? abandon;

  const goOn =
    (index: number) =>
    (from: Box): readonly Arrow[] => {
      const next = nextOf(steps, commands, index);
      return next.map((to, place) =>
        next.length === 1
          ? { from, to }
          : { from, to, text: place < next.length - 1 ? "if there is this step" : "otherwise" },
      );
    };

  const ofStep = (step: Step<never>, index: number): readonly Drawn[] => {
    const from = commands[index];
    if (!from) return [];
    const attempt = {
      from,
      succeeds: step.succeeds.map(typeOf),
      next: goOn(index + 1),
      fails: step.fails.map(typeOf),
      after: days(step.timeoutSeconds),
      ...(index <= last && { onFailure: compensationFrom(index) }),
    };
    if (step.waits !== false) return [waiting(attempt)];
    const none: Arrow = { from, to: end("parked"), text: "none of these", dotted: true };
    return [inTheRow(attempt), { boxes: [], arrows: [none] }];
  };

  const start = event("start", [startsOn.type]);
  const drawn: readonly Drawn[] = [
    { boxes: [start], arrows: goOn(0)(start).map((arrow) => ({ ...arrow, thick: true as const })) },
    ...steps.flatMap(ofStep),
    inTheRow({
      from: complete,
      succeeds: ["answered"],
      next: (from) => [{ from, to: end("completed") }],
      fails: [],
      after: days(answerSeconds),
      ...(pivot < 0 && { onFailure: compensationFrom(last) }),
    }),
    { boxes: [end("completed")], arrows: [] },
    ...undos.flatMap((undo, index) => (undo ? [undoing(undo, compensationFrom(index - 1))] : [])),
    undoing(abandon, end("compensated")),
    { boxes: [end("compensated")], arrows: [] },
    resuming(),
  ];
  return flowchart("TB", {
    boxes: drawn.flatMap(({ boxes }) => boxes),
    arrows: drawn.flatMap(({ arrows }) => arrows),
  });
};
