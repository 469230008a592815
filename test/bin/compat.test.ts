import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { contractOfLastTag } from "../../bin/compat/contract.ts";
import { help, usage } from "../../bin/compat/usage.ts";
import { contractOf } from "../../lib/compile/compatibility.ts";
import { shop } from "../../lib/domain/shop.ts";
import { run } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "compat-"));
afterAll(() => rmSync(folder, { recursive: true }));

const contract = contractOf(shop);

test.each([
  ["", { kind: "compare", file: undefined }],
  ["--against old.json", { kind: "compare", file: "old.json" }],
  ["--write new.json", { kind: "write", file: "new.json" }],
  ["--help", { kind: "help" }],
  ["--against= ", { kind: "wrong", because: "--against needs a file" }],
  ["--write= ", { kind: "wrong", because: "--write needs a file" }],
  [
    "--against a --write b",
    { kind: "wrong", because: "--against compares, --write compares nothing: give one of them" },
  ],
  ["--agianst a", { kind: "wrong", because: expect.stringContaining("'--agianst'") }],
  ["a.json", { kind: "wrong", because: expect.stringContaining("'a.json'") }],
])("%s", (line, expected) => {
  expect(usage(line.split(" ").filter((word) => word !== ""))).toEqual(expected);
});

test("what is written now breaks nothing now", async () => {
  const file = join(folder, "now.json");
  expect(await run("bin/compat.ts", ["--write", file])).toEqual({
    code: 0,
    stdout: `${file} is written\n`,
    stderr: "",
  });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(contract)));
  expect(await run("bin/compat.ts", ["--against", file])).toEqual({
    code: 0,
    stdout: `nothing that ${file} promised is broken\n`,
    stderr: "",
  });
});

test("breaking changes are named, and end with 1", async () => {
  const file = join(folder, "then.json");
  const events = { ...contract.events, "order.OrderLost": { type: "object" } };
  writeFileSync(file, JSON.stringify({ ...contract, events }));
  expect(await run("bin/compat.ts", ["--against", file])).toEqual({
    code: 1,
    stdout: "event order.OrderLost is removed\n",
    stderr: `1 breaking change since ${file}\n`,
  });
});

test.each([
  ["not there", undefined, "cannot be read: ENOENT"],
  ["no JSON", "{", "is not JSON: "],
  ["something else", "[]", "is not what npm run compat -- --write FILE writes"],
  ["without commands", '{"events":{}}', "is not what npm run compat -- --write FILE writes"],
])("a file that is %s is told", async (name, text, because) => {
  const file = join(folder, `${name}.json`);
  if (text !== undefined) writeFileSync(file, text);
  const { code, stdout, stderr } = await run("bin/compat.ts", ["--against", file]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(`${file} ${because}`);
});

test("a wrong option is named, and the help follows", async () => {
  const { code, stderr } = await run("bin/compat.ts", ["--agianst"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Unknown option '--agianst'/);
  expect(stderr).toContain(help);
});

describe("of the tags of a work tree", () => {
  const tree = mkdtempSync(join(folder, "tree-"));
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  const git = (...words: readonly string[]) =>
    execFileSync("git", [...author, "-c", "commit.gpgsign=false", ...words], { cwd: tree, stdio: "ignore" });
  const commit = (text: string) => {
    mkdirSync(join(tree, "docs"), { recursive: true });
    writeFileSync(join(tree, "docs/contract.json"), text);
    git("add", ".");
    git("commit", "-m", "change");
  };

  test("none is told, the last one is read, one without a contract is told", () => {
    git("init", "-q");
    git("commit", "--allow-empty", "-m", "first");
    expect(contractOfLastTag(tree)).toMatchObject({
      kind: "missing",
      because: expect.stringContaining("there is no tag to compare with yet"),
    });
    git("tag", "v0");
    expect(contractOfLastTag(tree)).toMatchObject({
      kind: "missing",
      because: expect.stringContaining("tag v0 has no docs/contract.json"),
    });
    commit('{"events":{},"commands":{}}');
    git("tag", "v1");
    commit("{}");
    const empty = { events: {}, commands: {} };
    expect(contractOfLastTag(tree)).toEqual({ kind: "found", name: "v1", contract: empty });
  });
});
