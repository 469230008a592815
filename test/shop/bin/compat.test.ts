import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { shapes } from "../../../bin/command-line/shapes.ts";
import { acknowledgedIn } from "../../../bin/compat/acknowledged.ts";
import { earlierContract, givenContract } from "../../../bin/compat/contract.ts";
import { failing, summaryOf, textOf } from "../../../bin/compat/report.ts";
import { usage } from "../../../bin/compat/usage.ts";
import { contractOf } from "../../../lib/compile/compatibility/contract/contract-of.ts";
import { shop } from "../../../lib/shop/shop.ts";
import { run } from "../../bin/command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "compat-"));
afterAll(() => rmSync(folder, { recursive: true }));

const contract = contractOf(shop);

const plain = { kind: "compare", against: undefined, all: false, require: false, strict: false };

test.each([
  ["", plain],
  ["--against old.json", { ...plain, against: "old.json" }],
  ["--require --strict --all", { ...plain, require: true, strict: true, all: true }],
  ["--write new.json", { kind: "write", file: "new.json" }],
  ["--help", { kind: "help" }],
  ["--against= ", { kind: "wrong", because: "--against: expected a file or a revision, got none" }],
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

test("breaking changes are listed with what to do, with exit code 1; --json gives the list", async () => {
  const file = join(folder, "then.json");
  const sagas = { ...contract.sagas, refund: {} };
  writeFileSync(file, JSON.stringify({ ...contract, sagas }));
  const ended = await run("bin/compat.ts", ["--against", file]);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/^breaking: saga refund: is removed\n {4}Its running instances .*\n$/);
  expect(ended.stderr).toMatch(
    new RegExp(`^1 breaking change since ${file}\nto accept one, add .* docs/compat-acknowledged.json\n$`),
  );
  const { code, stdout } = await run("bin/compat.ts", ["--json", "--against", file]);
  expect(code).toBe(1);
  expect(shapes.compat.parse(JSON.parse(stdout))).toEqual({
    kind: "compared",
    with: file,
    breaks: ["saga refund: is removed"],
    changes: [
      {
        kind: "breaking",
        part: "sagas",
        name: "refund",
        what: "is removed",
        advice: expect.stringContaining("formerly"),
      },
    ],
    stale: [],
  });
});

const notContract = "is not a contract: expected a file that npx eventfold compat --write FILE wrote";

test.each([
  ["no JSON", "{", "is not JSON: "],
  ["something else", "[]", notContract],
  ["without commands", '{"events":{}}', notContract],
])("a file that is %s is refused with the reason", (name, text, because) => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, text);
  expect(givenContract(folder, file)).toEqual({
    kind: "missing",
    because: expect.stringContaining(`${file} ${because}`),
  });
});

test("a folder cannot be read as a contract", () => {
  expect(givenContract(folder, folder)).toEqual({
    kind: "missing",
    because: expect.stringContaining(`${folder} cannot be read: EISDIR`),
  });
});

test("neither a file nor a revision is refused", async () => {
  const { code, stdout, stderr } = await run("bin/compat.ts", ["--against", "v0.0.0-none"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe("expected a file, a branch, a tag or a commit, got v0.0.0-none\n");
});

describe("the report", () => {
  const removed = { part: "sagas", name: "restock", kind: "breaking", what: "is removed" } as const;
  const seen = {
    part: "events",
    name: "order.A",
    kind: "published",
    what: "a is removed",
    advice: "Tell.",
  } as const;
  const fine = { part: "steps", name: "a/b", kind: "compatible", what: "is fine" } as const;
  const accepted = { ...removed, acknowledged: "it has no instances" };

  test("a break fails the command unless it is accepted; a published change fails it only with --strict", () => {
    expect(failing([removed, seen, fine], false)).toEqual([removed]);
    expect(failing([accepted, seen, fine], false)).toEqual([]);
    expect(failing([accepted, seen, fine], true)).toEqual([seen]);
    expect(failing([{ ...seen, acknowledged: "they know" }], true)).toEqual([]);
  });

  test("it prints the reason of an accepted change, a stale acknowledgement, and the number of compatible changes", () => {
    const text = [
      "breaking: saga restock: is removed\n    accepted because: it has no instances\n",
      "published: event order.A: a is removed\n    Tell.\n",
    ].join("");
    const stale =
      "stale: saga x: is removed\n    It did not happen. Remove it from docs/compat-acknowledged.json.\n";
    expect(textOf([accepted, seen, fine], ["saga x: is removed"], false)).toBe(
      `${text}${stale}1 compatible change; --all lists them\n`,
    );
    expect(textOf([accepted, seen, fine], [], true)).toBe(`${text}compatible: step a/b: is fine\n`);
  });

  test("the summary counts what fails", () => {
    expect(summaryOf([removed, removed, seen], "tag v1")).toMatch(
      /^2 breaking changes and 1 published change since tag v1\n/,
    );
    expect(summaryOf([seen], "tag v1")).toMatch(/^1 published change since tag v1\n/);
  });
});

describe("acknowledgements", () => {
  const withFile = (text?: string) => {
    const root = mkdtempSync(join(folder, "acknowledged-"));
    mkdirSync(join(root, "docs"));
    if (text !== undefined) writeFileSync(join(root, "docs/compat-acknowledged.json"), text);
    return root;
  };

  test("there are none without the file", () => expect(acknowledgedIn(withFile())).toEqual([]));

  test("each has a change and a reason", () => {
    const all = [{ change: "saga restock: is removed", because: "it has no instances" }];
    expect(acknowledgedIn(withFile(JSON.stringify(all)))).toEqual(all);
  });

  test.each([
    ["{", /^docs\/compat-acknowledged\.json is not JSON: /],
    ['[{ "change": "a", "because": " " }]', /expected a reason, got an empty one\n {2}→ at \[0\]\.because$/],
  ])("%s is refused", (text, message) => {
    expect(() => acknowledgedIn(withFile(text))).toThrow(message);
  });
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
  const promising = (command: string) => JSON.stringify({ events: {}, commands: { [command]: {} } });
  const found = (command: string, name: string) => ({
    kind: "found",
    name,
    contract: expect.objectContaining({ commands: { [command]: {} } }),
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
    writeFileSync(join(tree, "change.ts"), "");
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

  test("a clean work tree at a tag is compared with the tag before; a changed one with its own", () => {
    const { tree, git, commit } = workTree();
    commit(promising("a"));
    git("tag", "v1");
    commit(promising("b"));
    git("tag", "v2");
    expect(earlierContract(tree)).toEqual(found("a", "tag v1"));
    writeFileSync(join(tree, "change.ts"), "");
    expect(earlierContract(tree)).toEqual(found("b", "tag v2"));
  });

  test("--against takes a tag, a branch or a commit, and a file before them", () => {
    const { tree, git, commit } = workTree();
    const first = commit(promising("a"));
    git("tag", "v1");
    commit(promising("b"));
    expect(givenContract(tree, "v1")).toEqual(found("a", "v1"));
    expect(givenContract(tree, first)).toEqual(found("a", first));
    expect(givenContract(tree, "main")).toEqual(found("b", "main"));
    git("rm", "-q", "docs/contract.json");
    git("commit", "-m", "none");
    expect(givenContract(tree, "main")).toEqual({
      kind: "missing",
      because: "main has no docs/contract.json",
    });
  });

  test("a contract that is broken there is an error, not nothing", () => {
    const { tree, commit } = workTree();
    commit("{}");
    commit(promising("a"));
    expect(earlierContract(tree)).toMatchObject({ kind: "missing" });
  });
});
