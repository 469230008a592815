/**
 * Where the deployed application is put together: the business, the technologies that the context chooses, the
 * code. `cdk` and the local cloud get the same stack, because both call this.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import { bundle } from "./bundle.ts";
import { moduleIn, moduleNames } from "./modules.ts";
import { type Project, stacksOf } from "./stacks.ts";

export type { Project };

export type SynthesizeOptions = {
  /** As after `-c` of `cdk`. The rest is read from the environment that `cdk` sets. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where the assembly goes; where `cdk` wants it, or a temporary folder, by default. */
  readonly outdir?: string;
  /** Checks the template against AWS's rules, which takes most of the time. Done by default. */
  readonly validation?: boolean;
};

/** The entry points of the functions, one file per role. */
const lambdas = join(import.meta.dirname, "../../lambdas");

type Synthesized = {
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  /** The stack of the application. The assembly may have others. */
  readonly stack: string;
};

/** Throws an error with all problems of the application if it has any. */
export const synthesize = <Services>(
  project: Project<Services>,
  { context = {}, outdir, validation = true }: SynthesizeOptions = {},
): Synthesized => {
  const { application, root } = project;
  const assembly = outdir ?? process.env.CDK_OUTDIR ?? mkdtempSync(join(tmpdir(), `${application.name}-`));
  const bundles = join(assembly, "bundles");
  const used = new Set<string>();
  const app = stacksOf(project, { context, outdir: assembly, validation }, (chosen) => {
    bundle({
      lambdas,
      outdir: bundles,
      chosen,
      modules: Object.fromEntries(
        [moduleNames.application, moduleNames.services].map((name) => [name, moduleIn(root, name)]),
      ),
    });
    return (role) => {
      used.add(role);
      return Code.fromAsset(join(bundles, role));
    };
  });
  for (const role of readdirSync(bundles))
    if (!used.has(role)) rmSync(join(bundles, role), { recursive: true });
  return { assembly: app.synth().directory, stack: application.name };
};
