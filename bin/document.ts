/** `eventfold document`: writes the generated documents and parts of documents, or lists the stale ones. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Project } from "../lib/deploy/synthesize.ts";
import { argumentsIn } from "./command-line/arguments.ts";
import { ownProject } from "./command-line/own-project.ts";
import { answer, commonOptions, fail, found, messageOf, optionsOf } from "./command-line.ts";
import { placed, textIn, withPart } from "./document/pages.ts";
import { helpText } from "./help/help.ts";
import { documentHelp } from "./help/making.ts";

const help = helpText(documentHelp);

/** `make` takes the text of the file, empty if it does not exist yet, and returns the new text. */
type Made = { readonly name: string; readonly file: string; readonly make: (text: string) => string };

const madeOf = async ({ root, ...documented }: Project<unknown>): Promise<readonly Made[]> => {
  // The table of alarms loads the CDK, which --help does not need.
  const { filesOf, partsOf } = await import("./document/documents.ts");
  return [
    ...placed(root, partsOf(documented)).map((part) => ({
      name: `${part.file}, ${part.name}`,
      file: part.file,
      make: (text: string) => withPart(text, part),
    })),
    ...filesOf(documented).map(({ file, make }) => ({ name: file, file, make })),
  ];
};

const write = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

/** Returns the names of the stale documents and parts. */
const refresh = async (project: Project<unknown>, isCheck: boolean): Promise<readonly string[]> =>
  (await madeOf(project)).flatMap(({ name, file, make }) => {
    const text = textIn(project.root, file);
    const fresh = make(text);
    if (fresh === text) return [];
    if (!isCheck) write(join(project.root, file), fresh);
    return [name];
  });

const run = async ({ check }: { readonly check: boolean }): Promise<void> => {
  const stale = await refresh(await ownProject(), check);
  const lines = stale.map((each) => `${each}: ${check ? "stale" : "written"}\n`);
  const text = stale.length === 0 ? "all generated documents are up to date\n" : lines.join("");
  answer("document", text, check ? { kind: "checked", stale } : { kind: "written", written: stale });
  if (check && stale.length > 0) found("run npx eventfold document to write them");
};

const parse = () =>
  argumentsIn({ options: { ...commonOptions, check: { type: "boolean", default: false } } });

await run(optionsOf(parse, help)).catch((error: unknown) => fail(messageOf(error)));
