/** The Markdown files of this repository, and what is in them: blocks of code, links, headings. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bin/command-line.ts";

const markdownIn = (folder: string): readonly string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".md"))
        .map((file) => `${folder}/${file}`)
        .sort()
    : [];

/** The pages that readers follow. */
export const pages: readonly string[] = ["README.md", ...markdownIn("docs/guide")];

/** The pages, and every other document at the root and in docs. */
export const documents: readonly string[] = [
  ...readdirSync(root).filter((file) => file.endsWith(".md")),
  ...markdownIn("docs"),
];

export const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

export type Block = {
  readonly page: string;
  /** The line of the page that has the first line of the text. */
  readonly line: number;
  readonly language: string;
  /** What follows the language. It is the path of a file whose format has no comments. */
  readonly info: string;
  readonly text: string;
};

const fence = /^```(\w*)(?: (\S+))?\n([\s\S]*?)^```$/gm;

export const blocksOf = (page: string, text: string = textOf(page)): readonly Block[] =>
  [...text.matchAll(fence)].map(({ index, 1: language = "", 2: info = "", 3: code = "" }) => ({
    page,
    line: text.slice(0, index).split("\n").length + 1,
    language,
    info,
    text: code,
  }));

const withoutCode = (text: string): string => text.replaceAll(fence, "").replaceAll(/`[^`\n]*`/g, "");

/** Where each link of a text leads. */
export const linksIn = (text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, link = ""]) => link);

const slug = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

/** The anchors that GitHub gives the headings of a text: a repeated heading gets a number. */
export const anchorsIn = (text: string): readonly string[] => {
  const slugs = [...text.replaceAll(fence, "").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    slug(heading),
  );
  return slugs.map((each, index) => {
    const before = slugs.slice(0, index).filter((other) => other === each).length;
    return before === 0 ? each : `${each}-${before}`;
  });
};

/** The command lines of the page's `sh` blocks. A line that ends in a backslash continues in the next one. */
export const commandsIn = (blocks: readonly Block[]): readonly string[] =>
  blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) =>
      text
        .replaceAll(/\\\n\s*/g, "")
        .trim()
        .split("\n"),
    )
    .map((line) => line.replace(/\s+# .*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
