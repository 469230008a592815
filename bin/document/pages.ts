/**
 * Where generated parts go. A part is between two lines of a page, the comments `begin NAME` and `end NAME`. It goes to
 * every page that has them: README.md, or a page under docs. So an application moves a part by moving its two lines.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `file` is the page of the part if no page has its markers. Without `file`, only pages with its markers get the part. */
export type Part = { readonly name: string; readonly file?: string; readonly make: () => string };

type PlacedPart = Part & { readonly file: string };

const beginOf = (name: string): string => `<!-- begin ${name} -->`;
const endOf = (name: string): string => `<!-- end ${name} -->`;

/** The text of a file, which is empty if the file does not exist. */
export const textIn = (root: string, file: string): string => {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};

const docsIn = (root: string): readonly string[] =>
  existsSync(join(root, "docs"))
    ? readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    : [];

/** README.md, and the pages under docs. */
export const pagesIn = (root: string): readonly string[] => [
  "README.md",
  ...docsIn(root)
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file))
    .sort(),
];

/** The names of the parts that a page has markers for. */
export const markedIn = (text: string): readonly string[] =>
  [...text.matchAll(/^<!-- begin (\S+) -->$/gm)].map(([, name = ""]) => name);

/** Each part with each page that it goes to. */
export const placed = (root: string, parts: readonly Part[]): readonly PlacedPart[] => {
  const pages = pagesIn(root).map((file) => ({ file, marked: markedIn(textIn(root, file)) }));
  return parts.flatMap((part) => {
    const marked = pages.filter((page) => page.marked.includes(part.name)).map(({ file }) => file);
    const files = marked.length > 0 || part.file === undefined ? marked : [part.file];
    return files.map((file) => ({ ...part, file }));
  });
};

/** The text with this part between its markers. A text that is empty becomes the part. Throws if a marker is missing. */
export const withPart = (given: string, { file, name, make }: PlacedPart): string => {
  const [begin, end] = [beginOf(name), endOf(name)];
  const text = given === "" ? `${begin}\n${end}\n` : given;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${file} has no line ${from < 0 ? begin : end}`);
  return `${text.slice(0, from + begin.length)}\n\n${make()}\n\n${text.slice(to)}`;
};
