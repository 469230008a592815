/** The options of `eventfold start`. */
import { parseArgs } from "node:util";
import { commonOptions, numberOf, optionsOf } from "../command-line.ts";
import { helpText } from "../help/help.ts";
import { startHelp } from "../help/running.ts";

const help = helpText(startHelp);

const parse = () =>
  parseArgs({
    options: {
      ...commonOptions,
      port: { type: "string", default: "3000" },
      data: { type: "string", default: ".eventfold" },
      fresh: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      dynamodb: { type: "string" },
      quiet: { type: "boolean", default: false },
      saga: { type: "string", multiple: true },
      bus: { type: "string" },
      cors: { type: "string", multiple: true },
    },
  });

export type StartOptions = ReturnType<typeof startOptions>;

/** Ends the process if an option is wrong. */
export const startOptions = () => {
  const { port, ...given } = optionsOf(parse, help);
  return { ...given, port: numberOf("port", port, { from: 0, to: 65_535 }) };
};
