/** Every change of the library that the guide shows applies to test/library, and compiles. Other tests play them. */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "../bin/command-line.ts";
import { libraryChanges, writeChanged } from "./library-changes.ts";

/** Inside the repository, so that its packages are found. */
const folder = join(root, ".build/guide-library", `${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every change applies, and the changed library compiles", () => {
  const names = [...libraryChanges().keys()];
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) writeChanged(name, join(folder, name));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../../tsconfig.json",
      compilerOptions: { noEmit: true },
      include: ["*/lib/**/*.ts"],
      exclude: [],
    }),
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
});
