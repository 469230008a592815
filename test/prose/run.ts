/**
 * `npm run test:prose`: odd turns of phrase per 1000 words, in the code, in the README and in the pages under docs. Fails if
 * one of the three has more than `limit`. With paths as arguments it lists the hits in these files and folders.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { files, filesIn, root } from "../tidy/source.ts";
import { count, type Hit } from "./count.ts";

const limit = 2;

const pagesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file))
    .sort();

const places: readonly (readonly [name: string, files: readonly string[]])[] = [
  ["lib, bin and lambdas", files],
  ["README", ["README.md"]],
  ["pages under docs", pagesIn("docs")],
];

const listed = (hits: readonly Hit[]): string =>
  hits.map(({ file, line, found, instead }) => `${file}:${line}: "${found}": ${instead}\n`).join("");

const filesAt = (path: string): readonly string[] =>
  statSync(join(root, path)).isDirectory() ? [...filesIn(path), ...pagesIn(path)] : [path];

const countAll = (): void => {
  for (const [name, files] of places) {
    const { words, hits, perThousand } = count(root, files);
    process.stdout.write(
      `${name}: ${perThousand} per 1000 words (${hits.length} in ${words}; limit ${limit})\n`,
    );
    if (perThousand <= limit) continue;
    process.stdout.write(listed(hits.slice(0, 20)));
    process.exitCode = 1;
  }
};

const paths = process.argv.slice(2);
if (paths.length === 0) countAll();
else process.stdout.write(listed(count(root, paths.flatMap(filesAt)).hits));
