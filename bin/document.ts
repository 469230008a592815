/** `npm run document`: writes the generated parts of the documents, or says which of them are stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parts, withPart } from "./document/documents.ts";

const help = `npm run document -- [options]

Writes the generated parts of README.md and docs/sagas.md: the diagrams of the application.

  --check    writes nothing; ends with 1 where a part is stale
  --help     this text
`;

const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const options = () => {
  try {
    return parseArgs({
      options: {
        check: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${help}`);
  }
};

const root = join(import.meta.dirname, "..");

/** Answers the files whose parts were stale. */
const refresh = (isCheck: boolean): readonly string[] =>
  parts.flatMap((part) => {
    const file = join(root, part.file);
    const text = readFileSync(file, "utf8");
    const fresh = withPart(text, part);
    if (fresh === text) return [];
    if (!isCheck) writeFileSync(file, fresh);
    return [`${part.file}, ${part.name}`];
  });

const given = options();
if (given.help) process.stdout.write(help);
else {
  const stale = refresh(given.check);
  for (const each of stale) process.stdout.write(`${each}: ${given.check ? "stale" : "written"}\n`);
  if (stale.length === 0) process.stdout.write("every generated part is current\n");
  else if (given.check) fail("npm run document writes them anew");
}
