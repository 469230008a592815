/**
 * The convention of all commands. With `--json`, stdout gets exactly one JSON document, and progress goes to stderr. Exit
 * codes: 0 if the command did what was asked, 1 if it refused, failed or found something, 2 for wrong usage, which changes
 * nothing.
 */

import "./command-line/closed-pipe.ts";
import { withoutSdkWarning } from "../lib/local/service/sdk-warning.ts";
import { either } from "../lib/model/either.ts";
import { type Shapes, shapes } from "./command-line/shapes.ts";

Object.assign(process.env, withoutSdkWarning);

export const exitCodes = { done: 0, refused: 1, misused: 2 } as const;

/** Read before the options are parsed, because wrong usage is also reported as JSON. */
const isJson = process.argv.includes("--json");

const print = (document: unknown): void => {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
};

/** Prints the result of a command: as text, or as its JSON document without fields that its schema does not have. */
export const answer = <Command extends keyof Shapes>(
  command: Command,
  text: string,
  document: Shapes[Command],
): void => {
  if (isJson) print(shapes[command].parse(document));
  else process.stdout.write(text);
};

/** The stream for progress messages. */
export const progressStream = (): NodeJS.WriteStream => (isJson ? process.stderr : process.stdout);

const end = (code: number, message: string, hint = ""): never => {
  if (isJson) print({ kind: "error", message });
  process.stderr.write(`${message}\n${hint}`);
  process.exit(code);
};

/** Ends the process because the command refused or failed. */
export const fail = (message: string): never => end(exitCodes.refused, message);

/** For a command that succeeded but found something: sets exit code 1 after its answer. */
export const found = (message: string): void => {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCodes.refused;
};

/**
 * Ends the process because of wrong usage. Call it before anything is changed. It does not print the help, which would
 * push the message off the screen.
 */
export const misused = (message: string, hint = "--help lists the options"): never =>
  end(exitCodes.misused, message, `\n${hint}\n`);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

/** The options that every command has. */
export const commonOptions = {
  help: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

/** Ends the process if an option is unknown or has a wrong type, or for `--help`. */
export const optionsOf = <Values extends { readonly help: boolean }>(
  parse: () => { readonly values: Values },
  help: string,
): Values => {
  try {
    const { values } = parse();
    if (!values.help) return values;
  } catch (error) {
    return misused(messageOf(error));
  }
  process.stdout.write(help);
  process.exit(exitCodes.done);
};

/** The value of an option that takes one of these words. Ends the process if it is another one. */
export const wordOf = <Word extends string>(name: string, words: readonly Word[], given: string): Word =>
  words.find((word) => word === given) ??
  misused(`--${name}: expected ${either(words)}, got ${given === "" ? "an empty value" : given}`);

/** The value of an option that is a whole number. Ends the process if it is not, or is out of range. */
export const numberOf = (
  name: string,
  text: string,
  { from, to = Number.MAX_SAFE_INTEGER }: { readonly from: number; readonly to?: number },
): number => {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= from && number <= to) return number;
  const range = to === Number.MAX_SAFE_INTEGER ? `${from}` : `${from} to ${to}`;
  return misused(`--${name}: expected a whole number from ${range}, got ${text}`);
};

export const countOf = (name: string, text: string): number => numberOf(name, text, { from: 1 });
