/** What every command here does with its options: help, one clear line for a mistake, and exit code 1. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { withoutSdkWarning } from "../lib/local/service/sdk-warning.ts";

Object.assign(process.env, withoutSdkWarning);

export const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

/** Ends the process where an option is none of these, or where somebody asks for `--help`. */
export const optionsOf = <Options extends NonNullable<ParseArgsConfig["options"]>>(
  options: Options,
  help: string,
) => {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: "boolean" } } });
    if ("help" in values && values.help === true) {
      process.stdout.write(help);
      process.exit(0);
    }
    return values;
  } catch (error) {
    return fail(`${messageOf(error)}\n\n${help}`);
  }
};

export const countOf = (name: string, text: string): number => {
  const count = Number(text);
  return Number.isInteger(count) && count > 0
    ? count
    : fail(`--${name} is a whole number from 1, not ${text}`);
};
