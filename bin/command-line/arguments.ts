/** Parses the words of a command line. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { didYouMean } from "./did-you-mean.ts";

const unknownOption = (error: unknown): string | undefined => {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION"))
    return undefined;
  return /'(-[^']+)'/.exec(error.message)?.[1];
};

/** Throws if an option is unknown or has a wrong type. An unknown option is compared with the known ones. */
export const argumentsIn = <Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> => {
  try {
    return parseArgs(config);
  } catch (error) {
    const unknown = unknownOption(error);
    if (unknown === undefined) throw error;
    const known = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    throw new Error(`there is no option ${unknown}${didYouMean(unknown, known)}`);
  }
};
