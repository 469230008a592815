/**
 * `npm run test:prose`: odd turns of phrase per 1000 words, in the code, in the README and in the pages under docs. Fails if
 * one of the three has more than `limit`. With paths as arguments it lists the hits in these files and folders.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { files, filesIn, root } from "../tidy/source.ts";
import { count, listed, type Place, reportOn } from "./count.ts";

const limit = 2;

const pagesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file))
    .sort();

const places: readonly Place[] = [
  { name: "lib, bin and lambdas", files },
  { name: "README", files: ["README.md"] },
  { name: "pages under docs", files: pagesIn("docs") },
];

const filesAt = (path: string): readonly string[] =>
  statSync(join(root, path)).isDirectory() ? [...filesIn(path), ...pagesIn(path)] : [path];

const paths = process.argv.slice(2);
if (paths.length > 0) process.stdout.write(listed(count(root, paths.flatMap(filesAt)).hits));
else
  for (const place of places) {
    const { text, passed } = reportOn(root, place, limit);
    process.stdout.write(text);
    if (!passed) process.exitCode = 1;
  }
