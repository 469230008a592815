/** `npm run document`: writes the generated documents and parts of documents, or says which of them are stale. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectIn } from "../lib/deploy/project.ts";
import type { Project } from "../lib/deploy/synthesize.ts";
import { fail, messageOf, optionsOf } from "./command-line.ts";
import { type Documented, filesOf, partsOf, withPart } from "./document/documents.ts";

const help = `npm run document -- [options]

Writes what is made from the application: the diagrams in README.md and docs/sagas.md; docs/openapi.yaml,
docs/asyncapi.yaml and docs/events.md; and docs/contract.json, which npm run compat compares with.

  --check    writes nothing; ends with 1 where something is stale
  --help     this text
`;

/** `make` answers what a file should be from what it is: nothing, if it does not exist yet. */
type Made = { readonly name: string; readonly file: string; readonly make: (text: string) => string };

const madeOf = (documented: Documented): readonly Made[] => [
  ...partsOf(documented).map((part) => ({
    name: `${part.file}, ${part.name}`,
    file: part.file,
    make: (text: string) => withPart(text, part),
  })),
  ...filesOf(documented).map(({ file, make }) => ({ name: file, file, make })),
];

/** Answers the names of what was stale. */
const refresh = ({ root, ...documented }: Project<unknown>, isCheck: boolean): readonly string[] =>
  madeOf(documented).flatMap(({ name, file, make }) => {
    const path = join(root, file);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const fresh = make(text);
    if (fresh === text) return [];
    if (!isCheck) writeFileSync(path, fresh);
    return [name];
  });

const run = async ({ check }: { readonly check: boolean }): Promise<void> => {
  const stale = refresh(await projectIn(process.cwd()), check);
  for (const each of stale) process.stdout.write(`${each}: ${check ? "stale" : "written"}\n`);
  if (stale.length === 0) process.stdout.write("every generated document is current\n");
  else if (check) fail("npm run document writes them");
};

await run(optionsOf({ check: { type: "boolean", default: false } }, help)).catch((error: unknown) =>
  fail(messageOf(error)),
);
