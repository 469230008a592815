/**
 * The files of a new application: the content of `templates/base`, the chosen template, and cdk.json. Templates contain
 * placeholders for the values of one application.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { File } from "./folder.ts";

export const templates = ["new", "shop"] as const;

export type Template = (typeof templates)[number];

/** The values for the placeholders. */
type Particulars = {
  readonly name: string;
  /** The name of the tarball in `vendor`. */
  readonly tarball: string;
};

/** Files that npm or TypeScript would treat specially under their real names, even in this folder. */
const renamed: Readonly<Record<string, string>> = {
  gitignore: ".gitignore",
  "package.json.template": "package.json",
};

/** The paths of all files in a folder, relative to it. */
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

const personal = (path: string, text: string, { name, tarball }: Particulars): File => ({
  path,
  content: text
    // npm allows no capital letters in the name of a package.
    .replaceAll("new-application", path === "package.json" ? name.toLowerCase() : name)
    .replaceAll('name: "shop"', `name: "${name}"`)
    .replaceAll("eventfold.tgz", tarball),
});

/** The CDK feature flags that eventfold is tested with, and the sender of e-mails. */
const cdkJson = (packageFolder: string, { name }: Particulars): File => {
  const { context, ...settings }: { readonly context: Readonly<Record<string, unknown>> } = JSON.parse(
    readFileSync(join(packageFolder, "cdk.json"), "utf8"),
  );
  const own = { ...settings, context: { sender: `${name}@example.com`, ...context } };
  return { path: "cdk.json", content: `${JSON.stringify(own, null, 2)}\n` };
};

/** All files except the tarball. `packageFolder` is the content of the package: a checkout lacks `templates/shop`. */
export const filesOf = (
  packageFolder: string,
  template: Template,
  particulars: Particulars,
): readonly File[] => {
  const files = ["base", template].flatMap((each) => {
    const folder = join(packageFolder, "templates", each);
    return filesBelow(folder).map((path) =>
      personal(renamed[path] ?? path, readFileSync(join(folder, path), "utf8"), particulars),
    );
  });
  return [...files, cdkJson(packageFolder, particulars)];
};
