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

/** A line per hit, with its place and what to write instead. */
export const listed = (hits: readonly Hit[]): string =>
  hits.map(({ file, line, found, instead }) => `${file}:${line}: "${found}": ${instead}\n`).join("");

const hitsShown = 20;

/** Files with one limit. */
export type Place = { readonly name: string; readonly files: readonly string[] };

/** The count of a place as a line, followed by its first hits if it has more than `limit` per thousand words. */
export const reportOn = (
  root: string,
  { name, files }: Place,
  limit: number,
): { readonly text: string; readonly passed: boolean } => {
  const { words, hits, perThousand } = count(root, files);
  const line = `${name}: ${perThousand} per 1000 words (${hits.length} in ${words}; limit ${limit})\n`;
  const passed = perThousand <= limit;
  return { text: passed ? line : line + listed(hits.slice(0, hitsShown)), passed };
};
