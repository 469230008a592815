/**
 * A diagram of a saga as a choreography: events lead to commands, and commands lead to events or expire. No central
 * component is involved: an arrow from an event is what the saga's handler does when the bus delivers that event.
 */
import type { CommandReference } from "../../model/reference.ts";
import type { AnySaga, Outcome, Step } from "../../model/saga.ts";
import { answerSeconds } from "../../model/sagas/instance.ts";
import { type Arrow, type Box, end, flowchart, lines } from "./mermaid.ts";

const command = (name: string, { type, category }: CommandReference): Box => ({
  kind: "command",
  name,
  text: lines([type, `to ${category}`]),
});

const event = (name: string, types: readonly string[]): Box => ({ kind: "event", name, text: lines(types) });

const deadline = (name: string, after: string): Box => ({
  kind: "deadline",
  name: `${name} late`,
  text: lines([`no answer within ${after}`, "CommandExpired"]),
});

const days = (seconds: number): string =>
  seconds > 86_400 && seconds % 86_400 === 0 ? `${seconds / 86_400} days` : `${seconds} s`;

const typeOf = ({ type, instance }: Outcome): string => (instance ? `${type}, from outside` : type);

type Drawn = { readonly boxes: readonly Box[]; readonly arrows: readonly Arrow[] };

/** A command, and the arrows for its failure and its expiry. */
const attempt = (
  from: Box,
  {
    fails,
    after,
    onFailure,
  }: { readonly fails: readonly string[]; readonly after: string; readonly onFailure?: Box },
): Drawn => {
  const failed = event(`${from.name} failed`, [...fails, "CommandRejected"]);
  const late = deadline(from.name, after);
  const lateText = onFailure ? {} : { text: "sent again" };
  return {
    boxes: [from, failed, late],
    arrows: [
      { from, to: failed, dotted: true },
      { from: failed, to: onFailure ?? end("parked"), dotted: true },
      { from, to: late, dotted: true },
      { from: late, to: onFailure ?? from, dotted: true, ...lateText },
    ],
  };
};

/** An undo continues with any answer except a rejection. A rejected undo, or one without an answer for a day, is parked. */
const undoing = (from: Box, to: Box): Drawn => ({
  boxes: [from],
  arrows: [
    { from, to, text: "answered" },
    { from, to: end("parked"), text: lines(["CommandRejected", "no answer within a day"]), dotted: true },
  ],
});

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

  const goOn = (from: Box, index: number): readonly Arrow[] => {
    const next = nextOf(steps, commands, index);
    return next.map((to, place) =>
      next.length === 1
        ? { from, to }
        : { from, to, text: place < next.length - 1 ? "if there is this step" : "otherwise" },
    );
  };

  const ofStep = (step: Step<never>, index: number): readonly Drawn[] => {
    const { name, succeeds, fails, timeoutSeconds, waits } = step;
    const from = commands[index];
    if (!from) return [];
    const done = event(`${name} done`, succeeds.map(typeOf));
    const failing = attempt(from, {
      fails: fails.map(typeOf),
      after: days(timeoutSeconds),
      ...(index <= last && { onFailure: compensationFrom(index) }),
    });
    const undecided: readonly Arrow[] =
      waits === false ? [{ from, to: end("parked"), text: "none of these", dotted: true }] : [];
    return [
      { boxes: [done], arrows: [{ from, to: done }, ...goOn(done, index + 1)] },
      failing,
      { boxes: [], arrows: undecided },
    ];
  };

  const start = event("start", [startsOn.type]);
  const drawn: readonly Drawn[] = [
    { boxes: [start], arrows: goOn(start, 0) },
    ...steps.flatMap(ofStep),
    { boxes: [end("completed")], arrows: [{ from: complete, to: end("completed"), text: "answered" }] },
    attempt(complete, {
      fails: [],
      after: days(answerSeconds),
      ...(pivot < 0 && { onFailure: compensationFrom(last) }),
    }),
    ...undos.flatMap((undo, index) => (undo ? [undoing(undo, compensationFrom(index - 1))] : [])),
    undoing(abandon, end("compensated")),
    { boxes: [end("compensated"), end("parked")], arrows: [] },
  ];
  return flowchart("TB", {
    boxes: drawn.flatMap(({ boxes }) => boxes),
    arrows: drawn.flatMap(({ arrows }) => arrows),
  });
};
