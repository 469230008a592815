/** The commits whose contract may be the earlier one. */
import { spawnSync } from "node:child_process";

/** The output of git. Undefined if git fails or is not installed. */
export const git = (folder: string, ...words: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync("git", words, { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
};

/** `name` describes the commit in messages. */
type Commit = { readonly revision: string; readonly name: string };

/** Undefined if git does not know the revision: a branch, a tag or a commit. */
export const commitOf = (folder: string, revision: string): string | undefined =>
  git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);

/** The usual names of the default branch, starting with the remote's own setting. */
const defaultBranches = ["origin/HEAD", "origin/main", "origin/master", "main", "master"] as const;

const mergeBase = (folder: string): string | undefined => {
  const branch = defaultBranches.find((name) => commitOf(folder, name) !== undefined);
  return branch && git(folder, "merge-base", branch, "HEAD");
};

/** The last tag. A tag of HEAD counts only if files have changed since, because otherwise it is today's version. */
const lastTag = (folder: string, head: string | undefined): string | undefined => {
  const tag = git(folder, "describe", "--tags", "--abbrev=0");
  if (tag === undefined || commitOf(folder, tag) !== head) return tag;
  const isChanged = git(folder, "status", "--porcelain") !== "";
  return isChanged ? tag : git(folder, "describe", "--tags", "--abbrev=0", "HEAD^");
};

/** The commits whose contract may be the earlier one, in order of preference. */
export const earlierCommits = (folder: string): readonly Commit[] => {
  const head = commitOf(folder, "HEAD");
  const tag = lastTag(folder, head);
  const short = (revision: string) => git(folder, "rev-parse", "--short", revision) ?? revision;
  const base = mergeBase(folder);
  const parent = commitOf(folder, "HEAD^");
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
