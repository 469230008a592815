/**
 * The prose of a file. Of TypeScript: comments, and strings of at least three words. Of Markdown: everything but code, and of
 * its TypeScript the same as of a file. A sentence over several lines is one text, so that its turns of phrase are found.
 */

/** `line` is where the text begins, counted from 1. */
export type Text = { readonly line: number; readonly text: string };

/** Comments, strings and regular expressions. The last are matched only to be skipped, because they may have quotes. */
const tokens = new RegExp(
  [
    /\/\*[\s\S]*?\*\//,
    /\/\/.*(?:\n[ \t]*\/\/.*)*/,
    /"(?:\\.|[^"\\\n])*"/,
    /'(?:\\.|[^'\\\n])*'/,
    /`(?:\\.|[^`\\])*`/,
    /(?<=[=(,:!&|?[]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

const proseOf = (token: string): string => {
  if (token.startsWith("/*"))
    return token
      .replace(/^\/\*+|\*\/$/g, "")
      .replaceAll(/\n\s*\*/g, "\n")
      .trim();
  if (token.startsWith("//")) return token.replaceAll(/^[ \t]*\/\/ ?/gm, "").trim();
  const text = token.slice(1, -1);
  return /["'`]/.test(token.charAt(0)) && /\S\s+\S+\s+\S/.test(text) ? text : "";
};

/** Empty lines in a comment separate its texts. */
const paragraphs = ({ line, text }: Text): readonly Text[] =>
  [...text.matchAll(/(?:.*\S.*\n?)+/g)].map(({ 0: part, index }) => ({
    line: line + lineAt(text, index) - 1,
    text: part.replaceAll(/\s+/g, " ").trim(),
  }));

export const proseOfCode = (code: string): readonly Text[] =>
  [...code.matchAll(tokens)]
    .map(({ 0: token, index }) => ({ line: lineAt(code, index), text: proseOf(token) }))
    .filter(({ text }) => text !== "")
    .flatMap(paragraphs);

const fence = /^(\s*)```(\w*)\n([\s\S]*?)\n\1```$/gm;

/** Keeps the number of lines. */
const blank = (text: string): string => text.replaceAll(/[^\n]/g, "");

/** An empty line, a list item, a heading and a row of a table end the text before them. */
const textsOf = (page: string): readonly Text[] => {
  const texts: Text[] = [];
  let isOpen = false;
  for (const [index, line] of page.split("\n").entries()) {
    const last = texts.at(-1);
    const begins = /^\s*([-*#|>]|\d+\.) ?/.test(line);
    if (line.trim() === "") isOpen = false;
    else if (last && isOpen && !begins)
      texts[texts.length - 1] = { ...last, text: `${last.text} ${line.trim()}` };
    else {
      texts.push({ line: index + 1, text: line.trim() });
      isOpen = true;
    }
  }
  return texts;
};

/** The addresses of links are not prose. */
const withoutAddresses = (page: string): string => page.replaceAll(/\]\([^)\s]*\)/g, "]");

export const proseOfMarkdown = (page: string): readonly Text[] => {
  const samples = [...page.matchAll(fence)]
    .filter(([, , language = ""]) => /^(ts|typescript|js)$/.test(language))
    .flatMap(({ 3: code = "", index }) =>
      proseOfCode(code).map(({ line, text }) => ({ line: line + lineAt(page, index), text })),
    );
  return [...textsOf(withoutAddresses(page.replaceAll(fence, blank))), ...samples];
};
