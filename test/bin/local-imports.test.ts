/** What `npm start` keeps in memory. The CDK, the bundler and the application are loaded in a process that ends. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./command-line.ts";

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export|\} from)\b(?! type\b)[^;"]*"([^"]+)";/gm)].map(
    ([, name = ""]) => (name.startsWith(".") ? join(dirname(file), name) : name),
  );

/** All that is loaded with a file, packages by their names. */
const loadedWith = (file: string, loaded = new Set<string>()): ReadonlySet<string> => {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  if (file.startsWith("/")) for (const each of importsOf(file)) loadedWith(each, loaded);
  return loaded;
};

test("the process of npm start does not load what only the synthesis needs", () => {
  const loaded = [...loadedWith(join(root, "bin/local.ts"))];
  expect(loaded).toContain(join(root, "lib/local/local-cloud.ts"));
  expect(loaded).toContain("zod");
  expect(
    loaded.filter((each) => /aws-cdk-lib|esbuild|\/lib\/(deploy|shop|constructs|compile)\//.test(each)),
  ).toEqual([]);
});
