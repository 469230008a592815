#!/usr/bin/env node
/** The command of the package: one name for all commands that an application needs. */
import { loadTypeScript } from "./command-line/typescript.ts";
import { misused } from "./command-line.ts";

type Subcommand = { readonly about: string; readonly load: () => Promise<unknown> };

/** To add one, add its file and a row. The file reads its own options when it is loaded. */
const subcommands: Readonly<Record<string, Subcommand>> = {
  new: { about: "makes an application in a new folder", load: () => import("./new.ts") },
  start: { about: "runs the stack on this machine", load: () => import("./local.ts") },
  synth: { about: "writes the CloudFormation template and the code", load: () => import("./synth.ts") },
  operate: { about: "what operators do: parked sagas, dead letters", load: () => import("./operate.ts") },
  document: { about: "writes the documents of the application", load: () => import("./document.ts") },
  compat: { about: "names what breaks since an earlier version", load: () => import("./compat.ts") },
  provision: { about: "makes topics or queues in a broker", load: () => import("./provision.ts") },
};

const help = `eventfold COMMAND [options]

${Object.entries(subcommands)
  .map(([name, { about }]) => `  ${name.padEnd(12)}${about}\n`)
  .join("")}
Run new anywhere. Run the others in the folder of your application, whose package.json maps #application, #services and
#technologies.
eventfold COMMAND --help lists the options of a command. With --json each prints one JSON document to stdout.
Exit code 0: done. 1: refused, failed or something found. 2: called in a wrong way; nothing was changed.
`;

const [name = "", ...words] = process.argv.slice(2);
const isHelp = name === "--help" || name === "help";
const chosen = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;

if (isHelp) process.stdout.write(help);
else if (!chosen) misused(name === "" ? "a command is missing" : `there is no command ${name}`, help);
else {
  process.argv.splice(2, process.argv.length, ...words);
  // `start` loads the application in another process, which saves memory.
  if (name !== "start") loadTypeScript();
  await chosen.load();
}
