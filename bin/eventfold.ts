#!/usr/bin/env node
/** The command of the package: one name for all commands that an application needs. */
import { didYouMean } from "./command-line/did-you-mean.ts";
import { misused } from "./command-line.ts";
import { commands } from "./help/commands.ts";

/** The module of each command. It parses its options when it is loaded. */
const modules: Readonly<Record<keyof typeof commands, () => Promise<unknown>>> = {
  new: () => import("./new.ts"),
  start: () => import("./local.ts"),
  synth: () => import("./synth.ts"),
  operate: () => import("./operate.ts"),
  document: () => import("./document.ts"),
  compat: () => import("./compat.ts"),
  provision: () => import("./provision.ts"),
};

const help = `eventfold COMMAND [options]

Commands:
${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}\n`)
  .join("")}
Run new in any folder. Run the others in the folder of your application, whose package.json maps #application, #services
and #technologies. eventfold COMMAND --help lists the options of a command. With --json, a command prints one JSON document
to stdout.
Exit code 0: done. 1: refused, failed, or found something. 2: wrong usage; nothing was changed.
`;

const [name = "", ...words] = process.argv.slice(2);
const isHelp = name === "--help" || name === "help";
const isCommand = (word: string): word is keyof typeof commands => Object.hasOwn(commands, word);

if (isHelp) process.stdout.write(help);
else if (!isCommand(name))
  misused(
    name === ""
      ? "expected a command, got none"
      : `there is no command ${name}${didYouMean(name, Object.keys(commands))}`,
    "eventfold --help lists the commands",
  );
else {
  process.argv.splice(2, process.argv.length, ...words);
  await modules[name]();
}
