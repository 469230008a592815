/** Finds what was promised: in a file, or in the last tag that leads here. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Contract } from "../../lib/compile/compatibility.ts";

/** `name` is how people know it. */
export type Found =
  | { readonly kind: "found"; readonly contract: Contract; readonly name: string }
  | { readonly kind: "missing"; readonly because: string };

/** Kept current by `npm run document`, so that every tag holds its own. */
export const contractFile = "docs/contract.json";

const messages = z.record(
  z.string(),
  z.custom<Contract["events"][string]>((value) => typeof value === "object"),
);
const schema = z.object({ events: messages, commands: messages, foreign: messages.optional() });

const missing = (because: string): Found => ({ kind: "missing", because });

const parsed = (text: string, name: string): Found => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return missing(`${name} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const { data } = schema.safeParse(json);
  return data
    ? { kind: "found", contract: data, name }
    : missing(`${name} is not what npm run compat -- --write FILE writes: it has no events and commands`);
};

export const contractIn = (file: string): Found => {
  try {
    return parsed(readFileSync(file, "utf8"), file);
  } catch (error) {
    return missing(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
};

const root = join(import.meta.dirname, "../..");

/** What git answers; nothing where it fails. `folder` is a work tree. */
const git = (folder: string, ...words: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync("git", words, { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout : undefined;
};

export const contractOfLastTag = (folder: string = root): Found => {
  const tag = git(folder, "describe", "--tags", "--abbrev=0")?.trim();
  if (tag === undefined)
    return missing("there is no tag to compare with yet: name a file with --against, see --help");
  const text = git(folder, "show", `${tag}:${contractFile}`);
  return text === undefined
    ? missing(`tag ${tag} has no ${contractFile}: name another file with --against, see --help`)
    : parsed(text, tag);
};
