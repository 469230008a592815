/** cdk-nag finds nothing in any variant of the shop that the code does not accept with a reason. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validations } from "aws-cdk-lib";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { findingsOf } from "../../constructs/findings.ts";
import { variants } from "./variants.ts";
import { stacksWithoutCode } from "./without-code.ts";

const outdir = mkdtempSync(join(tmpdir(), "findings-"));
afterEach(() => void vi.restoreAllMocks());
afterAll(() => rmSync(outdir, { recursive: true }));

test.each(Object.entries(variants))("cdk-nag finds nothing in %s", (_name, context) => {
  expect(findingsOf(stacksWithoutCode(context, outdir))).toEqual([]);
});

test("each finding that the code accepts is one that a variant would have", () => {
  const acknowledge = vi.spyOn(Validations.prototype, "acknowledge").mockImplementation(() => {});
  const found = Object.values(variants).flatMap((context) => findingsOf(stacksWithoutCode(context, outdir)));
  const rules = new Set(found.map((finding) => finding.slice(0, finding.indexOf(" at "))));
  const ids = acknowledge.mock.calls.flatMap((all) => all.map(({ id }) => id));
  // The CDK accepts findings of its own rules in its own constructs.
  const accepted = ids.filter((id) => /^(AwsSolutions|Serverless)-/.test(id));
  expect(accepted).not.toEqual([]);
  expect(accepted.filter((id) => !rules.has(id))).toEqual([]);
});
