import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { bundle } from "../../bin/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "bundle-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("each file becomes a module of its own that runs here and exports its handler", async () => {
  writeFileSync(join(folder, "greet.ts"), "export const handler = (name: string) => `Hello ${name}`;");
  // CommonJS within: an ES module has no `require` unless it is given one.
  writeFileSync(join(folder, "old.cjs"), 'module.exports = require("node:path").basename;');
  writeFileSync(join(folder, "base.ts"), 'import base from "./old.cjs";\nexport const handler = base;');

  const { outputs } = bundle({ lambdas: folder, outdir: join(folder, "out") });

  expect(Object.keys(outputs)).toHaveLength(2);
  const load = (role: string) => import(pathToFileURL(join(folder, "out", role, "index.mjs")).href);
  expect((await load("greet")).handler("you")).toBe("Hello you");
  expect((await load("base")).handler("/a/b")).toBe("b");
});
