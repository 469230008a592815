/** What `--help` of a command prints, and what the page of all commands shows, from the same data. */

/** A word or an option of a command: how it is written, what it means, and what is taken without it. */
type Term = { readonly term: string; readonly about: string; readonly default?: string };

export type Help = {
  /** In a few words, for the list of commands. */
  readonly summary: string;
  /** As it is called in the folder of an application. */
  readonly usage: string;
  /** As it is called in this repository. */
  readonly here?: string;
  readonly about: string;
  /** For a command that has commands. */
  readonly commands?: readonly Term[];
  readonly options: readonly Term[];
  /** A call, as people type it. */
  readonly example?: string;
};

const width = 118;

export const jsonOption: Term = {
  term: "--json",
  about: "prints one JSON document to stdout, and nothing else there",
};
export const helpOption: Term = { term: "--help", about: "prints this text" };

const meaningOf = ({ about, default: value }: Term): string =>
  value === undefined ? about : `${about} (default: ${value})`;

/** Lines, none longer than this unless a single word is. */
const wrapped = (text: string, length: number): readonly string[] =>
  text.match(new RegExp(`\\S.{0,${length - 1}}(?=\\s|$)|\\S+`, "g")) ?? [];

const listOf = (terms: readonly Term[]): string => {
  const column = Math.max(...terms.map(({ term }) => term.length)) + 2;
  return terms
    .map((each) => {
      const lines = wrapped(meaningOf(each), width - column - 2);
      return `  ${each.term.padEnd(column)}${lines.join(`\n${" ".repeat(column + 2)}`)}\n`;
    })
    .join("");
};

/** Ends with a line break. */
export const helpText = ({ usage, here, about, commands, options, example }: Help): string =>
  [
    `${usage}${here === undefined ? "" : `        here: ${here}`}\n`,
    about
      .split("\n")
      .map((paragraph) => `${wrapped(paragraph, width).join("\n")}\n`)
      .join(""),
    ...(commands === undefined ? [] : [listOf(commands)]),
    listOf(options),
    ...(example === undefined ? [] : [`For example: ${example}\n`]),
  ].join("\n");

const cell = (text: string): string => text.replaceAll("|", "\\|");

const tableOf = (head: string, terms: readonly Term[]): string => {
  const rows = terms.map((each) => `| ${code(cell(each.term))} | ${cell(meaningOf(each))} |`);
  return [`| ${head} | |`, "| --- | --- |", ...rows].join("\n");
};

const code = (text: string): string => `\`${text}\``;

/** Markdown, with the options that only this command has. */
export const helpSection = (name: string, help: Help): string => {
  const own = help.options.filter((option) => option !== jsonOption && option !== helpOption);
  return [
    `## ${name}`,
    `${code(help.usage)}${help.here === undefined ? "" : `, in this repository ${code(help.here)}`}`,
    help.about.replaceAll("\n", "\n\n"),
    ...(help.commands === undefined ? [] : [tableOf("command", help.commands)]),
    ...(own.length === 0 ? [] : [tableOf("option", own)]),
    ...(help.example === undefined ? [] : [`For example: ${code(help.example)}`]),
  ].join("\n\n");
};
