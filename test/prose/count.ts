/** Counts odd turns of phrase in files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { patterns } from "./patterns.ts";
import { proseOfCode, proseOfMarkdown, type Text } from "./prose.ts";

export type Hit = {
  readonly file: string;
  readonly line: number;
  readonly found: string;
  readonly instead: string;
};

export type Count = { readonly words: number; readonly hits: readonly Hit[]; readonly perThousand: number };

export const hitsIn = (file: string, texts: readonly Text[]): readonly Hit[] =>
  texts.flatMap(({ line, text }) =>
    patterns.flatMap(({ pattern, instead }) =>
      [...text.matchAll(pattern)].map(([found]) => ({ file, line, found: found.trim(), instead })),
    ),
  );

const wordsIn = (texts: readonly Text[]): number =>
  texts.reduce((sum, { text }) => sum + (text.match(/[A-Za-z]{2,}/g) ?? []).length, 0);

/** `files` are paths from `root`. Hits per thousand words are rounded to one decimal. */
export const count = (root: string, files: readonly string[]): Count => {
  const read = files.map((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return { file, texts: file.endsWith(".md") ? proseOfMarkdown(text) : proseOfCode(text) };
  });
  const hits = read.flatMap(({ file, texts }) => hitsIn(file, texts));
  const words = read.reduce((sum, { texts }) => sum + wordsIn(texts), 0);
  return { words, hits, perThousand: Math.round((10_000 * hits.length) / Math.max(1, words)) / 10 };
};
