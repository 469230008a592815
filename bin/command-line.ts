/**
 * The convention of all commands. `--json` prints one JSON document to stdout and nothing else there. Progress goes to
 * stderr then. The exit code is 0 if the command did what it was asked for, 1 if it refused, failed or found something,
 * and 2 if it was called in a wrong way, which changes nothing.
 */

import { withoutSdkWarning } from "../lib/local/service/sdk-warning.ts";
import { type Shapes, shapes } from "./command-line/shapes.ts";

Object.assign(process.env, withoutSdkWarning);

export const exitCodes = { done: 0, refused: 1, misused: 2 } as const;

/** Read before the options are checked, because a wrong option is answered as JSON as well. */
const isJson = process.argv.includes("--json");

const print = (document: unknown): void => {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
};

/** Prints the result of a command: as text, or as its JSON document, which has the fields of its schema and no others. */
export const answer = <Command extends keyof Shapes>(
  command: Command,
  text: string,
  document: Shapes[Command],
): void => {
  if (isJson) print(shapes[command].parse(document));
  else process.stdout.write(text);
};

/** For what a command says before its result. */
export const progressStream = (): NodeJS.WriteStream => (isJson ? process.stderr : process.stdout);

const end = (code: number, message: string, help = ""): never => {
  if (isJson) print({ kind: "error", message });
  process.stderr.write(`${message}\n${help}`);
  process.exit(code);
};

/** The command is refused or fails. */
export const fail = (message: string): never => end(exitCodes.refused, message);

/** After an answer that names what the command found. */
export const found = (message: string): void => {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCodes.refused;
};

/** The command was called in a wrong way. Nothing was done. */
export const misused = (message: string, help = "--help lists the options\n"): never =>
  end(exitCodes.misused, message, `\n${help}`);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

/** Options of every command. */
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
    return misused(messageOf(error), help);
  }
  process.stdout.write(help);
  process.exit(exitCodes.done);
};

/** The whole number of an option. Ends the process if it is out of its range. */
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
