/** The package.json of the tarball, and the shop's sources in it. test/package runs the tarball itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packedManifest } from "../../bin/package/manifest.ts";
import { withPackageImports } from "../../bin/package/shop.ts";
import { root } from "./command-line.ts";

const ours = readFileSync(join(root, "package.json"), "utf8");
const packed = packedManifest(ours);

test("the tarball's package.json names JavaScript only, and the package can be published", () => {
  expect(JSON.stringify(packed)).not.toMatch(/\.ts"/);
  expect(packed).not.toHaveProperty("private");
  expect(packed).not.toHaveProperty("scripts");
  expect(packed).not.toHaveProperty("devDependencies");
});

test("the package has no side effects, so that a bundler leaves out what a function does not need", () => {
  expect(packed).toMatchObject({ sideEffects: false });
});

test("the modules of an application throw in the package, which has no application", async () => {
  expect(packed.imports).toMatchObject({
    "#application": "./lib/deploy/no-application.js",
    "#services": "./lib/deploy/no-application.js",
    "#technologies": "./lib/deploy/no-application.js",
  });
  await expect(import("../../lib/deploy/no-application.ts")).rejects.toThrow(
    "give application and services to synthesize()",
  );
});

test("a peer that we develop with is the oldest version that the package accepts", () => {
  const { devDependencies } = JSON.parse(ours);
  for (const [name, range] of Object.entries(packed.peerDependencies))
    expect({ name, range }).toEqual({ name, range: `^${devDependencies[name]}` });
});

const text = `import * as z from "zod";
import { type Decider, reject } from "../../model/decider.ts";
import { command } from "../../model/reference.ts";
import type { Mailer } from "../../ports/mailer.ts";
import { amount } from "../values/amount.ts";
`;

test("the shop's imports become imports of the package, one for each of its modules", () => {
  expect(withPackageImports(text, "lib/shop/orders/order.ts")).toBe(`import * as z from "zod";
import { type Decider, reject, command } from "eventfold";
import type { Mailer } from "eventfold/ports/mailer";
import { amount } from "../values/amount.ts";
`);
});

test("the shop imports nothing that the package does not export", () => {
  expect(() => withPackageImports('import { a } from "../local/a.ts";', "lib/shop/shop.ts")).toThrow(
    "the shop imports lib/local/a.ts: expected a file that the package exports",
  );
});
