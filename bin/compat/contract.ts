/**
 * Finds the contract to compare with: a file, or docs/contract.json of an earlier commit. The file in the work tree is
 * never used, because `npx eventfold document` keeps it equal to the current application.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as z from "zod";
import type { Contract } from "../../lib/compile/compatibility/compatibility.ts";

/** `name` describes the contract in messages: a file, a tag or a commit. */
export type Found =
  | { readonly kind: "found"; readonly contract: Contract; readonly name: string }
  /** No earlier contract exists, so nothing can break. */
  | { readonly kind: "nothing"; readonly because: string }
  | { readonly kind: "missing"; readonly because: string };

/** `npx eventfold document` updates it, so every commit contains its own contract. */
export const contractFile = "docs/contract.json";

const messages = z.record(
  z.string(),
  z.custom<Contract["events"][string]>((value) => typeof value === "object"),
);
const schema = z.object({
  events: messages,
  commands: messages,
  foreign: messages.optional(),
  sagas: z.array(z.string()).optional(),
});

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
    : missing(`${name} is not a contract: expected a file that npx eventfold compat --write FILE wrote`);
};

export const contractIn = (file: string): Found => {
  try {
    return parsed(readFileSync(file, "utf8"), file);
  } catch (error) {
    return missing(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
};

/** The output of git. Undefined if git fails or is not installed. */
const git = (folder: string, ...words: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync("git", words, { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
};

/** The usual names of the default branch, starting with the remote's own setting. */
const defaultBranches = ["origin/HEAD", "origin/main", "origin/master", "main", "master"] as const;

const mergeBase = (folder: string): string | undefined => {
  const branch = defaultBranches.find(
    (name) => git(folder, "rev-parse", "--verify", "--quiet", `${name}^{commit}`) !== undefined,
  );
  return branch && git(folder, "merge-base", branch, "HEAD");
};

type Commit = { readonly revision: string; readonly name: string };

/** The commits whose contract can be the earlier one, in order of preference. HEAD is never included. */
const earlierCommits = (folder: string): readonly Commit[] => {
  const head = git(folder, "rev-parse", "HEAD");
  const tag = git(folder, "describe", "--tags", "--abbrev=0");
  const short = (revision: string) => git(folder, "rev-parse", "--short", revision) ?? revision;
  const base = mergeBase(folder);
  const parent = git(folder, "rev-parse", "--verify", "--quiet", "HEAD^");
  return [
    ...(tag === undefined ? [] : [{ revision: tag, name: `tag ${tag}` }]),
    ...(base === undefined || base === head
      ? []
      : [{ revision: base, name: `commit ${short(base)}, the start of this branch` }]),
    ...(parent === undefined
      ? []
      : [{ revision: parent, name: `commit ${short(parent)}, the parent of HEAD` }]),
  ];
};

/** The contract of the last tag, otherwise of the merge base with the default branch, otherwise of the parent of HEAD. */
export const earlierContract = (folder: string): Found => {
  const commits = earlierCommits(folder);
  for (const { revision, name } of commits) {
    const text = git(folder, "show", `${revision}:./${contractFile}`);
    if (text !== undefined) return parsed(text, name);
  }
  const because =
    commits.length === 0
      ? "found no tag and no earlier commit"
      : `none of these commits has ${contractFile}: ${commits.map(({ name }) => name).join("; ")}`;
  return { kind: "nothing", because };
};
