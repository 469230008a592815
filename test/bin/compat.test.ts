/** The way of a change through a repository: change, document, commit, compare, accept. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Ended, root, runIn } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "changed-"));
afterAll(() => rmSync(folder, { recursive: true }));

const author = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
const git = (...words: readonly string[]): string =>
  execFileSync("git", [...author, ...words], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] })
    .toString()
    .trim();

const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);

/** An application whose only event has this field. */
const writeApplication = (field: string): void =>
  write(
    "lib/application.ts",
    `import * as z from "zod";
     const noteId = z.string();
     export const application = {
       name: "notes",
       deciders: [{
         name: "note",
         identifiedBy: "noteId",
         commands: { WriteNote: z.object({ noteId }) },
         events: { NoteWritten: z.object({ noteId, ${field}: z.string() }) },
         rejections: [],
         initialState: null,
         decide: { WriteNote: () => [] },
         evolve: { NoteWritten: () => null },
       }],
       projections: [], effects: [], sagas: [], access: [], routes: [],
     };`,
  );

mkdirSync(join(folder, "lib"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(join(root, "node_modules/zod"), join(folder, "node_modules/zod"));
write("lib/technologies.ts", "export const technologies = { services: () => ({}) };");
write(
  "package.json",
  JSON.stringify({
    type: "module",
    imports: { "#application": "./lib/application.ts", "#technologies": "./lib/technologies.ts" },
  }),
);
write(".gitignore", "node_modules\n");
writeApplication("text");

const compat = (...words: readonly string[]): Promise<Ended> => runIn(folder, "bin/compat.ts", words);

/** As a developer does after a change. */
const documentAndCommit = async (): Promise<void> => {
  expect(await runIn(folder, "bin/document.ts", [])).toMatchObject({ code: 0 });
  git("add", ".");
  git("commit", "-m", "change");
};

const broken = "event note.NoteWritten@1: title is new and required";

test("without an earlier contract it says so; with --require it fails", async () => {
  const stdout =
    "there is nothing to compare with: found no tag and no earlier commit; name a file or a commit with --against\n";
  expect(await compat()).toEqual({ code: 0, stdout, stderr: "" });
  expect(await compat("--require")).toEqual({ code: 2, stdout, stderr: "" });
});

test("a change that is documented and committed is still named, until it is accepted with a reason", async () => {
  git("init", "-q", "-b", "main");
  await documentAndCommit();
  const before = git("rev-parse", "--short", "HEAD");
  writeApplication("title");
  await documentAndCommit();

  expect(await runIn(folder, "bin/document.ts", ["--check"])).toMatchObject({ code: 0 });
  const found = await compat("--require");
  expect(found.code).toBe(1);
  expect(found.stdout).toContain(`breaking: ${broken}\n    Stored events have this shape. `);
  expect(found.stdout).toContain("published: event note.NoteWritten: text is removed\n");
  expect(found.stderr).toMatch(`1 breaking change since commit ${before}, the parent of HEAD\n`);

  const change = { change: broken, because: "no note is stored yet" };
  write("docs/compat-acknowledged.json", JSON.stringify([change]));
  const accepted = await compat();
  expect(accepted).toMatchObject({ code: 0, stderr: "" });
  expect(accepted.stdout).toContain(`breaking: ${broken}\n    accepted because: no note is stored yet\n`);
  expect(accepted.stdout).toMatch(`nothing breaks since commit ${before}, the parent of HEAD\n`);
  const strict = await compat("--strict");
  expect(strict.code).toBe(1);
  expect(strict.stderr).toMatch(/^1 published change since /);

  const stale = await compat("--against", "HEAD");
  expect(stale).toMatchObject({ code: 0, stderr: "" });
  expect(stale.stdout).toMatch(/^stale: event note.*\n.*\nnothing breaks since HEAD\n$/);
});
