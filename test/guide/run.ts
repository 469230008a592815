/**
 * `npm run test:guide`: follows the tutorial literally. It makes the folder outside this repository, writes each file that the
 * pages show, and runs each command with what the pages show after it, except `npm ci` and those that need an AWS account.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../bin/command-line.ts";
import { type Block, blocksOf, commandsIn } from "./markdown.ts";
import { patchesIn } from "./patch.ts";
import { isLeftOut, tutorialPages } from "./tutorial/pages.ts";
import { type Shell, shellIn } from "./tutorial/shell.ts";

const write = (folder: string, path: string, text: string): void => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const change = (folder: string, diff: string): void => {
  for (const { path, apply } of patchesIn(diff))
    write(folder, path, apply(readFileSync(join(folder, path), "utf8")));
};

const runAll = async (shell: Shell, block: Block, next: Block | undefined): Promise<void> => {
  const lines = commandsIn([block]).filter((line) => !isLeftOut(line));
  const shown = next?.language === "text" ? next.text.trim().split("\n") : [];
  for (const [index, line] of lines.entries()) {
    const from = performance.now();
    await shell.run(line, index === lines.length - 1 ? shown : []);
    process.stdout.write(`${((performance.now() - from) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  }
};

const follow = async (shell: Shell, block: Block, next: Block | undefined): Promise<void> => {
  const path = block.info || /^\/\/ ([\w./-]+\.ts)\n/.exec(block.text)?.[1];
  if (block.language === "sh") return runAll(shell, block, next);
  if (block.language === "diff") return change(shell.folder(), block.text);
  if (path !== undefined) write(shell.folder(), path, block.text);
};

const outside = mkdtempSync(join(tmpdir(), "guide-"));
const shell = shellIn(root, outside);
try {
  const blocks = tutorialPages.flatMap((page) => blocksOf(page));
  for (const [index, block] of blocks.entries()) await follow(shell, block, blocks[index + 1]);
} finally {
  await shell.stop();
  rmSync(outside, { recursive: true, force: true });
}
