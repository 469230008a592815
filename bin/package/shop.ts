/** Rewrites the sources of the shop for an application outside this repository: it imports `eventfold/…`. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const front = "eventfold";

/** The exported module for each file, as in `exports` of package.json. */
const exporters: readonly (readonly [file: RegExp, name: string])[] = [
  [/^lib\/model\/.+$/, front],
  [/^lib\/deploy\/synthesize\.ts$/, `${front}/deploy`],
  [/^lib\/((?:adapters|constructs|deploy|ports)\/.+)\.ts$/, `${front}/$1`],
];

const exporterOf = (file: string): string => {
  const exporter = exporters.find(([pattern]) => pattern.test(file));
  if (!exporter) throw new Error(`the shop imports ${file}: expected a file that the package exports`);
  return file.replace(...exporter);
};

const renamed = (text: string, file: string): string =>
  text
    .replaceAll(/ from "(\.[^"]+)";/g, (whole, name: string) => {
      const imported = join(dirname(file), name);
      return imported.startsWith("lib/shop/") ? whole : ` from "${exporterOf(imported)}";`;
    })
    .replaceAll('from "#mailer"', `from "${front}/mailer"`);

const named = /^import (type )?\{([^}]+)\} from "([^"]+)";\n/gm;

/** Merges imports, because several files may have the same exported module. */
const merged = (text: string): string => {
  const names = new Map<string, string[]>();
  for (const [, type = "", list = "", module = ""] of text.matchAll(named)) {
    const each = list.split(",").map((name) => name.trim());
    const full = each.filter((name) => name !== "").map((name) => `${type}${name}`);
    names.set(module, [...(names.get(module) ?? []), ...full]);
  }
  const written = new Set<string>();
  return text.replaceAll(named, (whole, _type, _list, module: string) => {
    const all = names.get(module) ?? [];
    if (written.has(module)) return "";
    written.add(module);
    const isMerged = module === front || module.startsWith(`${front}/`);
    if (!isMerged) return whole;
    const isOfTypes = all.every((name) => name.startsWith("type "));
    const list = (isOfTypes ? all.map((name) => name.slice("type ".length)) : all).join(", ");
    return `import ${isOfTypes ? "type " : ""}{ ${list} } from "${module}";\n`;
  });
};

/** A file of the shop with the imports of an application outside this repository. */
export const withPackageImports = (text: string, file: string): string => merged(renamed(text, file));

/** Tests of the shop that import nothing but the shop. */
const tests = ["email-address", "text"].map((name) => `test/shop/domain/${name}.test.ts`);

const sources = (root: string): readonly string[] =>
  readdirSync(join(root, "lib/shop"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join("lib/shop", file));

/** Writes the shop into a folder. Throws if it imports a file that the package does not export. */
export const writeShop = (root: string, to: string): void => {
  for (const file of [...sources(root), ...tests]) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    writeFileSync(join(to, file), withPackageImports(readFileSync(join(root, file), "utf8"), file));
  }
};
