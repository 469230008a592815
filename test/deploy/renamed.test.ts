/** A renamed part of an application keeps its resources. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import { expect, test } from "vitest";
import { type Project, stacksOf } from "../../lib/deploy/stacks.ts";
import { application, type LibraryServices } from "../library/lib/application.ts";
import { technologies } from "../library/lib/technologies.ts";
import { renamed } from "../model/names/renamed.ts";

const root = join(import.meta.dirname, "../library");

const templateOf = (of: Project<LibraryServices>["application"], saga: string): string => {
  const code = Code.fromAsset(import.meta.dirname, { exclude: ["*", "!renamed.test.ts"] });
  const outdir = mkdtempSync(join(tmpdir(), "renamed-"));
  try {
    const options = { context: { saga }, outdir, validation: false };
    stacksOf({ application: of, technologies, root }, options, () => () => code).app.synth();
    return readFileSync(join(outdir, "library.template.json"), "utf8");
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

test.each(["auto", "choreography"])(
  "with saga=%s the template is the same after every part was renamed",
  (saga) => {
    const before = templateOf(application, saga);
    expect(templateOf(renamed(application), saga)).toBe(before);
    expect(templateOf(renamed(renamed(application)), saga)).toBe(before);
  },
);
