/** All commands of the package. To add one, add its help and a row. */
import { type Help, helpSection } from "./help.ts";
import { documentHelp, newHelp, provisionHelp, synthHelp } from "./making.ts";
import { compatHelp, operateHelp, startHelp } from "./running.ts";

/** In the order in which people need them. */
export const commands = {
  new: newHelp,
  start: startHelp,
  synth: synthHelp,
  operate: operateHelp,
  document: documentHelp,
  compat: compatHelp,
  provision: provisionHelp,
} as const satisfies Readonly<Record<string, Help>>;

/** Markdown: a section for each command. */
export const commandsPart = (): string =>
  Object.entries(commands)
    .map(([name, help]) => helpSection(name, help))
    .join("\n\n");
