/** The shop's stacks without the bundles of its functions, which is enough for a test that reads only the templates. */
import type { App } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { stacksOf } from "../../../lib/deploy/stacks.ts";
import { project } from "../project.ts";

/** Every function gets the same small folder as its code. `outdir` is the folder of the cloud assembly. */
export const stacksWithoutCode = (
  context: Readonly<Record<string, string>>,
  outdir: string,
  of = project,
): App => {
  const code = Code.fromAsset(import.meta.dirname, { exclude: ["*", "!variants.ts"] });
  return stacksOf(of, { context, outdir, validation: false }, () => () => code).app;
};

/** Writes the cloud assembly to `outdir`. */
export const synthesizeWithoutCode = (
  context: Readonly<Record<string, string>>,
  outdir: string,
  of = project,
): void => {
  stacksWithoutCode(context, outdir, of).synth();
};
