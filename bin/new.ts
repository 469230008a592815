/** `eventfold new`: makes an application in a new folder, with this version of eventfold as a tarball. */
import { resolve } from "node:path";
import { argumentsIn } from "./command-line/arguments.ts";
import { answer, commonOptions, fail, messageOf, misused, optionsOf, wordOf } from "./command-line.ts";
import { helpText } from "./help/help.ts";
import { newHelp } from "./help/making.ts";
import { refusalOf } from "./new/folder.ts";
import { make } from "./new/make.ts";
import { nameOf } from "./new/name.ts";
import { type Template, templates } from "./new/template.ts";

const help = helpText(newHelp);

const parse = () => {
  const { values, positionals } = argumentsIn({
    allowPositionals: true,
    options: {
      ...commonOptions,
      name: { type: "string" },
      template: { type: "string", default: "new" },
    },
  });
  return { values: { ...values, positionals } };
};

const folderIn = (words: readonly string[]): string => {
  const [folder, ...more] = words;
  return folder === undefined || folder === "" || more.length > 0
    ? misused(`expected one folder, such as ../library; got ${words.join(" ") || "none"}`)
    : folder;
};

const templateIn = (word: string): Template => wordOf("template", templates, word);

const run = (): void => {
  const { positionals, name: wanted, template: word } = optionsOf(parse, help);
  const given = folderIn(positionals);
  const template = templateIn(word);
  const folder = resolve(given);
  const because = refusalOf(folder);
  if (because !== undefined) return void fail(because);
  const named = nameOf(folder, wanted);
  if ("because" in named) return void fail(named.because);
  const { name } = named;
  const files = make(folder, template, name);
  const next = [`cd ${given}`, "npm install && npm test && npm start"];
  const text = `${name} is in ${folder}: ${files.length} files. Type next:\n\n${next.join("\n")}\n`;
  answer("new", text, {
    kind: "made",
    name,
    folder,
    files,
    next,
  });
};

try {
  run();
} catch (error) {
  fail(messageOf(error));
}
