/** Synthesizes the shop once for all end-to-end tests of a run, as `npm start` does, and tells them where. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { synthesize } from "../../bin/synthesize.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the cloud assembly. */
    readonly assembly: string;
  }
}

export default (project: TestProject): (() => void) => {
  const outdir = mkdtempSync(join(tmpdir(), "shop-e2e-"));
  project.provide(
    "assembly",
    synthesize({ context: { public: "true" }, outdir, validation: false }).assembly,
  );
  return () => rmSync(outdir, { recursive: true, force: true });
};
