/**
 * Where the deployed application is put together: the business, the technologies that the context chooses, the
 * code. `cdk` and the local cloud get the same stack, for both come through here.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { mskCluster } from "../adapters/kafka/msk/construct.ts";
import { EventSourcedApplication } from "../constructs/event-sourced-application.ts";
import { validate } from "../model/validation/validate.ts";
import { shop } from "../shop/shop.ts";
import { bundle } from "./bundle.ts";
import { contextOf } from "./context/context.ts";
import { ownKeys, shopOn } from "./technologies.ts";

export type SynthesizeOptions = {
  /** As after `-c` of `cdk`; what it holds beside is read from the environment that `cdk` sets. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where the assembly goes; where `cdk` wants it, or a temporary folder, by default. */
  readonly outdir?: string;
  /** Checks the template against AWS's rules, which takes most of the time. Done by default. */
  readonly validation?: boolean;
};

const root = join(import.meta.dirname, "../..");

/** The flags that `cdk` reads by itself; whoever synthesizes without it gets the same template. */
const settings: { readonly context: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(join(root, "cdk.json"), "utf8"),
);

/** Answers the folder of the cloud assembly. Throws, with all of them, where the application has problems. */
export const synthesize = ({
  context = {},
  outdir,
  validation = true,
}: SynthesizeOptions): { readonly assembly: string } => {
  const problems = validate(shop);
  if (problems.length > 0)
    throw new Error(`${shop.name} cannot be deployed:\n${problems.map((each) => `- ${each}`).join("\n")}`);

  const assembly = outdir ?? process.env.CDK_OUTDIR ?? mkdtempSync(join(tmpdir(), `${shop.name}-`));
  const app = new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: validation,
    context: { ...settings.context, ...context },
    outdir: assembly,
  });
  const sagas = shop.sagas.map(({ name }) => name);
  const { guard, origins, ...choices } = contextOf(app.node.getAllContext(), { sagas, own: ownKeys });
  const bundles = join(assembly, "bundles");
  bundle({
    lambdas: join(root, "lambdas"),
    outdir: bundles,
    chosen: [choices.bus, choices.mail],
  });
  const used = new Set<string>();
  new EventSourcedApplication(new Stack(app, shop.name), "App", {
    application: shop,
    technologies: shopOn(choices),
    code: (role) => {
      used.add(role);
      return Code.fromAsset(join(bundles, role));
    },
    guard,
    origins,
  });
  if (choices.kafkaCluster) mskCluster(new Stack(app, `${shop.name}-kafka`), choices.kafkaCluster);
  for (const role of readdirSync(bundles))
    if (!used.has(role)) rmSync(join(bundles, role), { recursive: true });
  return { assembly: app.synth().directory };
};
