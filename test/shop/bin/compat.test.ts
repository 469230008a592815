import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { earlierContract } from "../../../bin/compat/contract.ts";
import { usage } from "../../../bin/compat/usage.ts";
import { breakingChanges, contractOf } from "../../../lib/compile/compatibility/compatibility.ts";
import { shop } from "../../../lib/shop/shop.ts";
import { run } from "../../bin/command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "compat-"));
afterAll(() => rmSync(folder, { recursive: true }));

const contract = contractOf(shop);

test.each([
  ["", { kind: "compare", file: undefined }],
  ["--against old.json", { kind: "compare", file: "old.json" }],
  ["--write new.json", { kind: "write", file: "new.json" }],
  ["--help", { kind: "help" }],
  ["--against= ", { kind: "wrong", because: "--against: expected a file, got none" }],
  ["--write= ", { kind: "wrong", because: "--write: expected a file, got none" }],
  [
    "--against a --write b",
    { kind: "wrong", because: "--against compares, --write only writes: use one of them" },
  ],
  ["--agianst a", { kind: "wrong", because: "there is no option --agianst; did you mean --against?" }],
  ["a.json", { kind: "wrong", because: expect.stringContaining("'a.json'") }],
])("%s", (line, expected) => {
  expect(usage(line.split(" ").filter((word) => word !== ""))).toEqual(expected);
});

test("the current contract breaks nothing", async () => {
  const file = join(folder, "now.json");
  expect(await run("bin/compat.ts", ["--write", file])).toEqual({
    code: 0,
    stdout: `${file} is written\n`,
    stderr: "",
  });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(contract)));
  expect(await run("bin/compat.ts", ["--against", file])).toEqual({
    code: 0,
    stdout: `nothing breaks since ${file}\n`,
    stderr: "",
  });
});

test("breaking changes are listed, with exit code 1", async () => {
  const file = join(folder, "then.json");
  const events = { ...contract.events, "order.OrderLost": { type: "object" } };
  writeFileSync(file, JSON.stringify({ ...contract, events }));
  expect(await run("bin/compat.ts", ["--against", file])).toEqual({
    code: 1,
    stdout: "event order.OrderLost is removed (breaks stored events and readers)\n",
    stderr: `1 breaking change since ${file}\n`,
  });
});

test.each([
  ["not there", undefined, "cannot be read: ENOENT"],
  ["no JSON", "{", "is not JSON: "],
  ["something else", "[]", "is not a contract: expected a file that npx eventfold compat --write FILE wrote"],
  [
    "without commands",
    '{"events":{}}',
    "is not a contract: expected a file that npx eventfold compat --write FILE wrote",
  ],
])("a file that is %s is refused with the reason", async (name, text, because) => {
  const file = join(folder, `${name}.json`);
  if (text !== undefined) writeFileSync(file, text);
  const { code, stdout, stderr } = await run("bin/compat.ts", ["--against", file]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(`${file} ${because}`);
});

test("a wrong option is named, and the one that it resembles", async () => {
  const { code, stderr } = await run("bin/compat.ts", ["--agianst"]);
  expect(code).toBe(2);
  expect(stderr).toBe("there is no option --agianst; did you mean --against?\n\n--help lists the options\n");
});

describe("without --against it takes an earlier commit of the work tree", () => {
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  const workTree = () => {
    const tree = mkdtempSync(join(folder, "tree-"));
    const git = (...words: readonly string[]) =>
      execFileSync("git", [...author, ...words], { cwd: tree, stdio: ["ignore", "pipe", "ignore"] })
        .toString()
        .trim();
    const commit = (text: string) => {
      mkdirSync(join(tree, "docs"), { recursive: true });
      writeFileSync(join(tree, "docs/contract.json"), text);
      git("add", ".");
      git("commit", "-m", "change");
      return git("rev-parse", "--short", "HEAD");
    };
    git("init", "-q", "-b", "main");
    return { tree, git, commit };
  };
  const promising = (event: string) => JSON.stringify({ events: { [event]: {} }, commands: {} });
  const found = (event: string, name: string) => ({
    kind: "found",
    name,
    contract: { events: { [event]: {} }, commands: {} },
  });

  test("a single commit has nothing to compare with, although its work tree has a contract", () => {
    const { tree, commit } = workTree();
    commit(promising("a"));
    expect(earlierContract(tree)).toEqual({
      kind: "nothing",
      because: "found no tag and no earlier commit",
    });
  });

  test("a folder that is not a work tree has nothing to compare with", () => {
    const tree = mkdtempSync(join(tmpdir(), "no-git-"));
    expect(earlierContract(tree)).toMatchObject({ kind: "nothing" });
    rmSync(tree, { recursive: true });
  });

  test("on the default branch it is the parent of HEAD, so that a documented and committed break is still named", () => {
    const { tree, commit } = workTree();
    const parent = commit(promising("a"));
    commit(promising("b"));
    expect(earlierContract(tree)).toEqual(found("a", `commit ${parent}, the parent of HEAD`));
  });

  test("on a branch it is where the branch begins, however many commits it has", () => {
    const { tree, git, commit } = workTree();
    commit(promising("before"));
    const base = commit(promising("a"));
    git("checkout", "-q", "-b", "feature");
    commit(promising("b"));
    commit(promising("c"));
    expect(earlierContract(tree)).toEqual(found("a", `commit ${base}, the start of this branch`));
  });

  test("a branch without commits is compared with the parent of HEAD", () => {
    const { tree, git, commit } = workTree();
    const parent = commit(promising("a"));
    commit(promising("b"));
    git("checkout", "-q", "-b", "feature");
    expect(earlierContract(tree)).toEqual(found("a", `commit ${parent}, the parent of HEAD`));
  });

  test("commits that the remote does not have are compared with its default branch", () => {
    const { tree, git, commit } = workTree();
    const pushed = commit(promising("a"));
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    commit(promising("b"));
    commit(promising("c"));
    expect(earlierContract(tree)).toEqual(found("a", `commit ${pushed}, the start of this branch`));
  });

  test("the last tag comes first; a tag without a contract is skipped", () => {
    const { tree, git, commit } = workTree();
    git("commit", "--allow-empty", "-m", "first");
    git("tag", "v0");
    expect(earlierContract(tree)).toMatchObject({
      kind: "nothing",
      because: "none of these commits has docs/contract.json: tag v0",
    });
    const parent = commit(promising("a"));
    commit(promising("b"));
    expect(earlierContract(tree)).toMatchObject({ name: `commit ${parent}, the parent of HEAD` });
    git("tag", "v1");
    commit(promising("c"));
    expect(earlierContract(tree)).toEqual(found("b", "tag v1"));
  });

  test("a contract that is broken there is an error, not nothing", () => {
    const { tree, commit } = workTree();
    commit("{}");
    commit(promising("a"));
    expect(earlierContract(tree)).toMatchObject({ kind: "missing" });
  });
});

test("a saga that is removed breaks its instances", () => {
  const without = contractOf({ ...shop, sagas: shop.sagas.filter(({ name }) => name !== "restock") });
  expect(breakingChanges(contract, without)).toEqual([
    "saga restock is removed: its running instances would wait forever; keep its definition until they have ended",
  ]);
  expect(breakingChanges({ events: {}, commands: {} }, without)).toEqual([]);
});
