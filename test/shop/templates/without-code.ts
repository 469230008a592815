/** Synthesizes the shop without bundling its functions, which is enough for a test that reads only the templates. */
import { Code } from "aws-cdk-lib/aws-lambda";
import { stacksOf } from "../../../lib/deploy/stacks.ts";
import { project } from "../project.ts";

/** Writes the cloud assembly to `outdir`. Every function gets the same small folder as its code. */
export const synthesizeWithoutCode = (context: Readonly<Record<string, string>>, outdir: string): void => {
  const code = Code.fromAsset(import.meta.dirname, { exclude: ["*", "!variants.ts"] });
  stacksOf(project, { context, outdir, validation: false }, () => () => code).synth();
};
