/** The output of a comparison. */
import type { Judged } from "../../lib/compile/compatibility/acknowledged.ts";
import { type Kind, sentenceOf } from "../../lib/compile/compatibility/changes/change.ts";
import { acknowledgedFile } from "./acknowledged.ts";

/** A list, so that a message can begin with its number. */
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** The changes that fail the command. With `strict`, published changes do so too. */
export const failing = (changes: readonly Judged[], strict: boolean): readonly Judged[] => {
  const fails: readonly Kind[] = strict ? ["breaking", "published"] : ["breaking"];
  return changes.filter(({ kind, acknowledged }) => fails.includes(kind) && acknowledged === undefined);
};

const paragraph = (change: Judged): string => {
  const { kind, advice, acknowledged } = change;
  const words = acknowledged === undefined ? advice : `accepted because: ${acknowledged}`;
  return `${kind}: ${sentenceOf(change)}\n${words === undefined ? "" : `    ${words}\n`}`;
};

/** The changes as text. Compatible ones are only counted, except with `all`. */
export const textOf = (changes: readonly Judged[], stale: readonly string[], all: boolean): string => {
  const shown = changes.filter(({ kind }) => all || kind !== "compatible");
  const hidden = changes.length - shown.length;
  return [
    ...shown.map(paragraph),
    ...stale.map(
      (change) => `stale: ${change}\n    It did not happen. Remove it from ${acknowledgedFile}.\n`,
    ),
    ...(hidden === 0 ? [] : [`${counted(hidden, "compatible change")}; --all lists them\n`]),
  ].join("");
};

/** What to say if the command fails. */
export const summaryOf = (failed: readonly Judged[], name: string): string => {
  const broken = failed.filter(({ kind }) => kind === "breaking").length;
  const counts = [
    ...(broken === 0 ? [] : [counted(broken, "breaking change")]),
    ...(broken === failed.length ? [] : [counted(failed.length - broken, "published change")]),
  ];
  return (
    `${counts.join(" and ")} since ${name}\n` +
    `to accept one, add { "change": "the text after the first colon", "because": "your reason" } to the list in ${acknowledgedFile}`
  );
};
