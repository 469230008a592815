/**
 * Finds the contract to compare with: a file, or docs/contract.json of an earlier commit. The file in the work tree is
 * used only if it is named, because `npx eventfold document` keeps it equal to the current application.
 */
import { existsSync, readFileSync } from "node:fs";
import type { Contract } from "../../lib/compile/compatibility/contract/contract.ts";
import { storedContract } from "../../lib/compile/compatibility/contract/stored-contract.ts";
import { commitOf, earlierCommits, git } from "./git.ts";

/** `name` describes the contract in messages: a file, a tag or a commit. */
export type Found =
  | { readonly kind: "found"; readonly contract: Contract; readonly name: string }
  /** No earlier contract exists, so nothing can break. */
  | { readonly kind: "nothing"; readonly because: string }
  | { readonly kind: "missing"; readonly because: string };

/** `npx eventfold document` updates it, so every commit contains its own contract. */
export const contractFile = "docs/contract.json";

const missing = (because: string): Found => ({ kind: "missing", because });

const parsed = (text: string, name: string): Found => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return missing(`${name} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const { data } = storedContract.safeParse(json);
  return data
    ? { kind: "found", contract: data, name }
    : missing(`${name} is not a contract: expected a file that npx eventfold compat --write FILE wrote`);
};

const contractAt = (folder: string, revision: string): string | undefined =>
  git(folder, "show", `${revision}:./${contractFile}`);

/** The contract in a file or, if there is no such file, at a revision of git. */
export const givenContract = (folder: string, given: string): Found => {
  if (existsSync(given)) {
    try {
      return parsed(readFileSync(given, "utf8"), given);
    } catch (error) {
      return missing(`${given} cannot be read: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (commitOf(folder, given) === undefined)
    return missing(`expected a file, a branch, a tag or a commit, got ${given}`);
  const text = contractAt(folder, given);
  return text === undefined ? missing(`${given} has no ${contractFile}`) : parsed(text, given);
};

/** The contract of the last tag, otherwise of the merge base with the default branch, otherwise of the parent of HEAD. */
export const earlierContract = (folder: string): Found => {
  const commits = earlierCommits(folder);
  for (const { revision, name } of commits) {
    const text = contractAt(folder, revision);
    if (text !== undefined) return parsed(text, name);
  }
  const because =
    commits.length === 0
      ? "found no tag and no earlier commit"
      : `none of these commits has ${contractFile}: ${commits.map(({ name }) => name).join("; ")}`;
  return { kind: "nothing", because };
};
