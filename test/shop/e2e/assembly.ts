/** Synthesizes the shop once for all end-to-end tests of a run, as `npm start` does, and gives them the folders. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { project as shop } from "../project.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the cloud assembly. */
    readonly assembly: string;
    /** The same with all sagas on choreography. */
    readonly choreography: string;
  }
}

export default (project: TestProject): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), "shop-e2e-"));
  const assembled = (name: string, context: Readonly<Record<string, string>>) =>
    synthesize(shop, {
      context: { public: "true", ...context },
      outdir: join(folder, name),
      validation: false,
    }).assembly;
  project.provide("assembly", assembled("assembly", {}));
  project.provide("choreography", assembled("choreography", { saga: "choreography" }));
  return () => rmSync(folder, { recursive: true, force: true });
};
