/** Exports that no other file needs. A file needs an export if it imports it by name, or reads it from a namespace. */
import { dirname, join, relative } from "node:path";
import * as z from "zod";
import { codeOf, files, filesIn, root, textOf } from "./source.ts";

const targets: z.ZodType<readonly string[]> = z
  .union([z.string(), z.record(z.string(), z.string())])
  .transform((target) => (typeof target === "string" ? [target] : Object.values(target)));

const manifest = z
  .object({ imports: z.record(z.string(), targets), exports: z.record(z.string(), targets) })
  .parse(JSON.parse(textOf("package.json")));

/** The files that an import may mean: `#bus` is a different file for each bus. */
const meantBy = (file: string, name: string): readonly string[] => {
  if (name.startsWith(".")) return [relative(root, join(root, dirname(file), name))];
  if (name.startsWith("#")) return (manifest.imports[name] ?? []).map((target) => join(target));
  if (!/^eventfold(\/|$)/.test(name)) return [];
  const subpath = name.replace("eventfold", ".");
  return Object.entries(manifest.exports).flatMap(([key, paths]) => {
    const [start = "", end] = key.split("*");
    const fits = end === undefined ? subpath === key : subpath.startsWith(start);
    return fits ? paths.map((path) => join(path.replace("*", subpath.slice(start.length)))) : [];
  });
};

const importing = /(?:import|export)\s+(?:type\s+)?(?:\{([^}]*)\}|\*\s+as\s+(\w+))\s+from\s+"([^"]+)"/g;

const loading = /const \{([^}]*)\}()\s+= await import\("([^"]+)"\)/g;

/** The imports of a file, as `file name`. */
const neededBy = (file: string): readonly string[] => {
  const text = textOf(file);
  return [...text.matchAll(importing), ...text.matchAll(loading)].flatMap(
    ([, list, namespace, from = ""]) => {
      const names = namespace
        ? [...text.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)`, "g"))].map(([, name = ""]) => name)
        : (list ?? "").split(",").map((each) => each.replace("type ", "").trim().split(" ")[0] ?? "");
      return meantBy(file, from).flatMap((target) => names.map((name) => `${target} ${name}`));
    },
  );
};

const exported =
  /^export (?:async )?(?:const|let|function|class|type|interface) (\w+)|^export \{ (?:\w+ as )?(\w+) \};/gm;

const exportsOf = (file: string): readonly string[] => [
  ...new Set([...codeOf(file).matchAll(exported)].map(([, one, other = ""]) => one ?? other)),
];

const isUsedInside = (file: string, name: string): boolean =>
  (codeOf(file).match(new RegExp(`\\b${name}\\b`, "g")) ?? []).length > 1;

/** What the package exports by its subpaths: consumers may use the types in their signatures. */
const offered =
  /^lib\/(ports\/|testing\/|constructs\/(ports|event-sourced-application)\.ts|deploy\/(synthesize|technologies)\.ts)/;

/** What the package exports for tests. */
const forTests = /^lib\/(adapters\/memory|testing)\//;

/** Lambda calls the handler by its name. */
const isCalled = (file: string, name: string): boolean => file.startsWith("lambdas/") && name === "handler";

/** Each export as `file: name`, with what to do about it. */
export const deadExports = (): readonly string[] => {
  const needed = new Set(files.flatMap(neededBy));
  const tested = new Set(["test", "bench"].flatMap(filesIn).flatMap(neededBy));
  const adviceOn = (file: string, name: string): string | undefined => {
    const key = `${file} ${name}`;
    if (needed.has(key) || isCalled(file, name)) return undefined;
    const isTested = tested.has(key);
    if (isUsedInside(file, name))
      return isTested || offered.test(file) || forTests.test(file) ? undefined : "do not export it";
    if (!isTested) return "remove it";
    return forTests.test(file) ? undefined : "only tests need it: move it to lib/testing or test";
  };
  return files.flatMap((file) =>
    exportsOf(file).flatMap((name) => {
      const advice = adviceOn(file, name);
      return advice === undefined ? [] : [`${file}: ${name}: ${advice}`];
    }),
  );
};
