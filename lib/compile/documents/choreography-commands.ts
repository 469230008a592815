/**
 * The commands in the diagram of a choreography, with the arrows to everything that may follow. A thick arrow is a delivery,
 * which begins a row.
 */
import { resumed } from "../../model/delivery/interest.ts";
import { type Arrow, type Box, end, lines } from "./mermaid.ts";

export const event = (name: string, types: readonly string[]): Box => ({
  kind: "event",
  name,
  text: lines(types),
});

export type Drawn = { readonly boxes: readonly Box[]; readonly arrows: readonly Arrow[] };

/** A command, the arrows to what follows its success, and where its failure leads: parked, if there is no way back. */
type Attempt = {
  readonly from: Box;
  readonly succeeds: readonly string[];
  readonly next: (from: Box) => readonly Arrow[];
  readonly fails: readonly string[];
  readonly after: string;
  readonly onFailure?: Box;
};

/** Another party decides the command: its event or the deadline is delivered, and begins the next row. */
export const waiting = ({ from, succeeds, next, fails, after, onFailure }: Attempt): Drawn => {
  const done = event(`${from.name} done`, succeeds);
  const failed = event(`${from.name} failed`, fails);
  const late: Box = {
    kind: "deadline",
    name: `${from.name} late`,
    text: lines([`no answer within ${after}`, "CommandExpired"]),
  };
  const back = onFailure ?? end("parked");
  const failing: Drawn = {
    boxes: [failed],
    arrows: [
      { from, to: failed, dotted: true },
      { from: failed, to: back, thick: true },
    ],
  };
  const { boxes, arrows } = fails.length > 0 ? failing : { boxes: [], arrows: [] };
  return {
    boxes: [from, done, ...boxes, late],
    arrows: [
      { from, to: done },
      ...next(done).map((arrow) => ({ ...arrow, thick: true as const })),
      ...arrows,
      { from, to: back, text: "CommandRejected", dotted: true },
      { from, to: late, dotted: true },
      onFailure
        ? { from: late, to: onFailure, thick: true }
        : { from: late, to: from, thick: true, text: "sent again" },
    ],
  };
};

/** The stream decides the command when it answers it, so the row continues. */
export const inTheRow = ({ from, succeeds, next, fails, after, onFailure }: Attempt): Drawn => {
  const failures = [...fails, "CommandRejected"];
  const failing: readonly Arrow[] = onFailure
    ? [{ from, to: onFailure, text: lines([...failures, `no answer within ${after}`]), dotted: true }]
    : [
        { from, to: end("parked"), text: lines(failures), dotted: true },
        { from, to: from, text: "no answer: sent again", dotted: true },
      ];
  const forward = next(from).map((arrow) => ({
    ...arrow,
    text: lines([...succeeds, ...(arrow.text === undefined ? [] : [arrow.text])]),
  }));
  return { boxes: [from], arrows: [...forward, ...failing] };
};

/** An undo continues with any answer except a rejection. A rejected undo, or one without an answer for a day, is parked. */
export const undoing = (from: Box, to: Box): Drawn => ({
  boxes: [from],
  arrows: [
    { from, to, text: "answered" },
    { from, to: end("parked"), text: lines(["CommandRejected", "no answer within a day"]), dotted: true },
  ],
});

export const resuming = (): Drawn => {
  const decided = event("resumed", [resumed]);
  const again: Box = {
    kind: "task",
    name: "resumed",
    text: lines(["the parked command again,", "or the next"]),
  };
  return {
    boxes: [end("parked"), decided, again],
    arrows: [
      { from: end("parked"), to: decided, dotted: true },
      { from: decided, to: again, thick: true },
    ],
  };
};
