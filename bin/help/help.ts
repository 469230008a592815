/** The help of a command as data. `--help` prints it, and the page of all commands shows it. */

/** A subcommand or an option: how it is written, what it means, and its default. */
type Term = { readonly term: string; readonly about: string; readonly default?: string };

export type Help = {
  /** A few words for the list of commands. */
  readonly summary: string;
  /** The call in the folder of an application. */
  readonly usage: string;
  readonly about: string;
  /** The subcommands. */
  readonly commands?: readonly Term[];
  readonly options: readonly Term[];
  /** A complete call. */
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

/** Breaks a text into lines of at most this length. A longer word gets its own line. */
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

/** The text that `--help` prints. It ends with a line break. */
export const helpText = ({ usage, about, commands, options, example }: Omit<Help, "summary">): string =>
  [
    `${usage}\n`,
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

/** A section in Markdown, without the options that every command has. */
export const helpSection = (name: string, help: Help): string => {
  const own = help.options.filter((option) => option !== jsonOption && option !== helpOption);
  return [
    `## ${name}`,
    code(help.usage),
    help.about.replaceAll("\n", "\n\n"),
    ...(help.commands === undefined ? [] : [tableOf("command", help.commands)]),
    ...(own.length === 0 ? [] : [tableOf("option", own)]),
    ...(help.example === undefined ? [] : [`For example: ${code(help.example)}`]),
  ].join("\n\n");
};
