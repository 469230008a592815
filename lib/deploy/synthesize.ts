/**
 * Where the deployed application is put together: the business, the technologies that the context chooses, the
 * code. `cdk` and the local cloud get the same stack, because both call this.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { mskResources } from "../adapters/kafka/msk/construct.ts";
import { EventSourcedApplication } from "../constructs/event-sourced-application.ts";
import type { Application } from "../model/application.ts";
import { validate } from "../model/validation/validate.ts";
import { bundle } from "./bundle.ts";
import { contextOf } from "./context/context.ts";
import { moduleIn, moduleNames } from "./modules.ts";
import { refuseMissingPeers } from "./peers.ts";
import { type OwnTechnologies, technologiesOn } from "./technologies.ts";

/** An application, ready to be deployed. */
export type Project<Services> = {
  readonly application: Application<Services>;
  readonly technologies: OwnTechnologies<Services>;
  /** The folder with the application's package.json, which maps #application and #services, and its cdk.json. */
  readonly root: string;
};

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

/** The flags in `cdk.json`. `cdk` reads them by itself; without `cdk` the template must be the same. */
const flagsIn = (root: string): Readonly<Record<string, unknown>> => {
  const file = join(root, "cdk.json");
  if (!existsSync(file)) return {};
  const settings: { readonly context?: Readonly<Record<string, unknown>> } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  return settings.context ?? {};
};

const refuseProblems = <Services>(application: Application<Services>): void => {
  const problems = validate(application);
  if (problems.length > 0)
    throw new Error(
      `${application.name} cannot be deployed:\n${problems.map((each) => `- ${each}`).join("\n")}`,
    );
};

/** Answers the folder of the cloud assembly. Throws, with all of them, if the application has problems. */
export const synthesize = <Services>(
  { application, technologies, root }: Project<Services>,
  { context = {}, outdir, validation = true }: SynthesizeOptions = {},
): { readonly assembly: string } => {
  refuseProblems(application);
  const { name } = application;
  const assembly = outdir ?? process.env.CDK_OUTDIR ?? mkdtempSync(join(tmpdir(), `${name}-`));
  const app = new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: validation,
    context: { ...flagsIn(root), ...context },
    outdir: assembly,
  });
  const sagas = application.sagas.map((saga) => saga.name);
  const own = technologies.context;
  const { guard, origins, ...choices } = contextOf(app.node.getAllContext(), { sagas, own });
  refuseMissingPeers([choices.bus, choices.mail]);
  const bundles = join(assembly, "bundles");
  const { application: applicationModule, services } = moduleNames;
  bundle({
    lambdas,
    outdir: bundles,
    chosen: [choices.bus, choices.mail],
    modules: {
      [applicationModule]: moduleIn(root, applicationModule),
      [services]: moduleIn(root, services),
    },
  });
  const used = new Set<string>();
  new EventSourcedApplication(new Stack(app, name), "App", {
    application,
    technologies: technologiesOn(technologies, choices),
    code: (role) => {
      used.add(role);
      return Code.fromAsset(join(bundles, role));
    },
    guard,
    origins,
  });
  if (choices.kafkaCluster) mskResources(new Stack(app, `${name}-kafka`), choices.kafkaCluster);
  for (const role of readdirSync(bundles))
    if (!used.has(role)) rmSync(join(bundles, role), { recursive: true });
  return { assembly: app.synth().directory };
};
