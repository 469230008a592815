/**
 * Builds the stack of an application with the technologies that the context chooses. Both `cdk` and the local cloud call
 * this, so they run the same stack.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import { bundle } from "./bundle.ts";
import { noticesFor } from "./context/notices.ts";
import { moduleIn, moduleNames } from "./modules.ts";
import { type Project, stacksOf } from "./stacks.ts";

export type { Project };

/** The context, the output folder, and whether to validate. */
export type SynthesizeOptions = {
  /** The context, as with `cdk -c`. It is merged with the context that `cdk` passes in the environment. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** The folder of the assembly. Default: the folder that `cdk` names, or a temporary one. */
  readonly outdir?: string;
  /**
   * Whether the stacks may be deployed. The CDK then validates the templates, which takes most of the time, and a password in
   * the context is refused. Default: true.
   */
  readonly validation?: boolean;
};

/** The entry points of the functions, one file per role. */
const lambdas = join(import.meta.dirname, "../../lambdas");

type Synthesized = {
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  /** The stack of the application. The assembly may have others. */
  readonly stack: string;
  /** What a person should know before a deployment, one line each. */
  readonly notices: readonly string[];
};

/** Throws an error that lists all problems of the application. Does nothing if there are none. */
export const synthesize = <Services>(
  project: Project<Services>,
  { context = {}, outdir, validation = true }: SynthesizeOptions = {},
): Synthesized => {
  const { application, root } = project;
  const assembly = outdir ?? process.env.CDK_OUTDIR ?? mkdtempSync(join(tmpdir(), `${application.name}-`));
  const bundles = join(assembly, "bundles");
  const used = new Set<string>();
  const { app, choices } = stacksOf(project, { context, outdir: assembly, validation }, (chosen) => {
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
  return {
    assembly: app.synth().directory,
    stack: application.name,
    notices: noticesFor(choices, application.routes),
  };
};
