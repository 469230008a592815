/** `npm run document`: writes the generated documents and parts of documents, or says which of them are stale. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, optionsOf } from "./command-line.ts";
import { files, parts, withPart } from "./document/documents.ts";

const help = `npm run document -- [options]

Writes what is made from the application: the diagrams in README.md and docs/sagas.md; docs/openapi.yaml,
docs/asyncapi.yaml and docs/events.md; and docs/contract.json, which npm run compat compares with.

  --check    writes nothing; ends with 1 where something is stale
  --help     this text
`;

const root = join(import.meta.dirname, "..");

/** `make` answers what a file should be from what it is: nothing, where it is not there yet. */
type Made = { readonly name: string; readonly file: string; readonly make: (text: string) => string };

const made: readonly Made[] = [
  ...parts.map((part) => ({
    name: `${part.file}, ${part.name}`,
    file: part.file,
    make: (text: string) => withPart(text, part),
  })),
  ...files.map(({ file, make }) => ({ name: file, file, make })),
];

/** Answers the names of what was stale. */
const refresh = (isCheck: boolean): readonly string[] =>
  made.flatMap(({ name, file, make }) => {
    const path = join(root, file);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const fresh = make(text);
    if (fresh === text) return [];
    if (!isCheck) writeFileSync(path, fresh);
    return [name];
  });

const given = optionsOf({ check: { type: "boolean", default: false } }, help);

const stale = refresh(given.check);
for (const each of stale) process.stdout.write(`${each}: ${given.check ? "stale" : "written"}\n`);
if (stale.length === 0) process.stdout.write("every generated document is current\n");
else if (given.check) fail("npm run document writes them anew");
