/** `eventfold synth`: writes the cloud assembly without the CDK CLI. */

import { argumentsIn } from "./command-line/arguments.ts";
import { ownProject } from "./command-line/own-project.ts";
import { answer, commonOptions, fail, messageOf, misused, optionsOf } from "./command-line.ts";
import { helpText } from "./help/help.ts";
import { synthHelp } from "./help/making.ts";

const help = helpText(synthHelp);

const parse = () =>
  argumentsIn({
    options: {
      ...commonOptions,
      context: { type: "string", short: "c", multiple: true, default: [] },
      output: { type: "string", default: "cdk.out" },
    },
  });

const entryOf = (text: string): readonly [key: string, value: string] => {
  const at = text.indexOf("=");
  return at > 0
    ? [text.slice(0, at), text.slice(at + 1)]
    : misused(`--context: expected KEY=VALUE, got ${text}`);
};

const run = async (): Promise<void> => {
  const { context, output } = optionsOf(parse, help);
  const given = Object.fromEntries(context.map(entryOf));
  // The CDK takes seconds to load.
  const { synthesize } = await import("../lib/deploy/synthesize.ts");
  const made = synthesize(await ownProject(), { context: given, outdir: output });
  for (const notice of made.notices) process.stderr.write(`${notice}\n`);
  answer("synth", `${made.assembly} is written\n`, { kind: "synthesized", ...made });
};

await run().catch((error: unknown) => fail(messageOf(error)));
