/** cdk-nag finds nothing in any variant of the shop that the code does not accept with a reason. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findingsOf } from "../../constructs/findings.ts";
import { variants } from "./variants.ts";
import { stacksWithoutCode } from "./without-code.ts";

const outdir = mkdtempSync(join(tmpdir(), "findings-"));
afterAll(() => rmSync(outdir, { recursive: true }));

test.each(Object.entries(variants))("cdk-nag finds nothing in %s", (_name, context) => {
  expect(findingsOf(stacksWithoutCode(context, outdir))).toEqual([]);
});
