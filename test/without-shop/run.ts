/**
 * `npm run test:without-shop`: the framework does not need the shop. In a copy of this repository without the shop,
 * #application, #services and #technologies are mapped to the library of test/library, and all other tests pass.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const copy = mkdtempSync(join(tmpdir(), "without-shop-"));

/** The files of the shop. The benches measure the shop. */
const ofShop = /^(lib|bin|test|templates)\/shop\/|^bench\//;

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .trim()
  .split("\n");

const change = (file: string, edit: (text: string) => string): void => {
  const path = join(copy, file);
  writeFileSync(path, edit(readFileSync(path, "utf8")));
};

/** The modules of the library. */
const mapped = (text: string): string =>
  ["application", "services", "technologies"].reduce(
    (rest, name) =>
      rest.replace(new RegExp(`"#${name}": "[^"]+"`), `"#${name}": "./test/library/lib/${name}.ts"`),
    text,
  );

const copied = (): void => {
  for (const file of tracked)
    if (!ofShop.test(file)) cpSync(join(root, file), join(copy, file), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  change("package.json", mapped);
  // Rows about the shop have no finding here.
  change("test/tidy/exceptions.ts", (text) =>
    text.replaceAll(/^ {2}"(lib|bin)\/shop\/[^\n]*\n(?: {4}[^\n]*\n)?/gm, ""),
  );
};

const passes = (...words: readonly string[]): boolean => {
  process.stdout.write(`== npx ${words.join(" ")}\n`);
  return spawnSync("npx", words, { cwd: copy, stdio: "inherit" }).status === 0;
};

try {
  copied();
  const isPassed =
    passes("tsc", "--noEmit") &&
    // The documents of the library replace the documents of the shop.
    passes("tsx", "bin/document.ts") &&
    passes("vitest", "run", "--project", "parts", "--project", "e2e");
  process.exitCode = isPassed ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
