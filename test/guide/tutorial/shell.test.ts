import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { shellIn } from "./shell.ts";

const outside = mkdtempSync(join(tmpdir(), "shell-"));
afterAll(() => rmSync(outside, { recursive: true }));
mkdirSync(join(outside, "library"));

const shell = shellIn(tmpdir(), outside);

test("what a page shows is in the output, with any text for …", async () => {
  await shell.run('echo \'{"id":"1","version":1}\'', ['{"id":"…","version":1}']);
});

test("other output fails, with what was expected", async () => {
  await expect(shell.run("echo one", ["two"])).rejects.toThrow("echo one: expected\ntwo\ngot\none");
});

test("a command that fails is an error", async () => {
  await expect(shell.run("exit 3", [])).rejects.toThrow("exit 3 ended with 3");
});

test("cd changes the folder, and .. is outside this repository", async () => {
  await shell.run("cd ../library", []);
  expect(shell.folder()).toBe(join(outside, "library"));
  await shell.run("pwd", ["/library"]);
});

test("a request needs an application that the page has started", async () => {
  await expect(shell.run("curl http://127.0.0.1:3000/health", [])).rejects.toThrow("has not started");
});
