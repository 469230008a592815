/** The stacks of an application: its own, and one for a Kafka cluster if the context asks for it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import type { Code } from "aws-cdk-lib/aws-lambda";
import { mskResources } from "../adapters/kafka/msk/construct.ts";
import { sendAlarms } from "../constructs/alarms/receiver.ts";
import { EventSourcedApplication } from "../constructs/event-sourced-application.ts";
import type { AnyApplication } from "../model/application.ts";
import { namesOf } from "../model/names/stored-name.ts";
import { refuseProblems } from "../model/validation/validate.ts";
import { contextOf } from "./context/context.ts";
import { refusePasswords } from "./context/passwords.ts";
import { refuseMissingPeers } from "./peers.ts";
import { type OwnTechnologies, technologiesOn } from "./technologies.ts";

/** An application with everything that its deployment needs. */
export type Project<Services> = {
  readonly application: AnyApplication<Services>;
  readonly technologies: OwnTechnologies<Services>;
  /** The folder with the application's package.json, which maps #application and #services, and its cdk.json. */
  readonly root: string;
};

type StacksOptions = {
  readonly context: Readonly<Record<string, unknown>>;
  /** The folder of the cloud assembly. */
  readonly outdir: string;
  /** Whether the stacks may be deployed: the CDK validates the templates, and the context must not contain a password. */
  readonly validation: boolean;
};

/** Returns the code of each role. `chosen` are the technologies that the code imports as `#bus` and `#mailer`. */
type CodeFor = (chosen: readonly string[]) => (role: string) => Code;

/** The feature flags in `cdk.json`. `cdk` passes them itself; without `cdk` they are read here, to get the same template. */
const flagsIn = (root: string): Readonly<Record<string, unknown>> => {
  const file = join(root, "cdk.json");
  if (!existsSync(file)) return {};
  const settings: { readonly context?: Readonly<Record<string, unknown>> } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  return settings.context ?? {};
};

/** The app, and what the context has chosen for it. */
type Stacks = { readonly app: App; readonly choices: ReturnType<typeof contextOf> };

/** Throws with a list of all problems if the application is invalid. Writes nothing; call `synth` of the app. */
export const stacksOf = <Services>(
  { application, technologies, root }: Project<Services>,
  { context, outdir, validation }: StacksOptions,
  codeFor: CodeFor,
): Stacks => {
  refuseProblems(application);
  const app = new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: validation,
    context: { ...flagsIn(root), ...context },
    outdir,
  });
  const { name } = application;
  const sagas = application.sagas.flatMap(namesOf);
  const own = technologies.context;
  const given = app.node.getAllContext();
  const choices = contextOf(given, { sagas, own });
  const { guard, origins, throttle, logLevel, tracing } = choices;
  if (validation) refusePasswords(given);
  const chosen = [choices.bus, choices.mail];
  refuseMissingPeers(chosen);
  const stack = new Stack(app, name);
  new EventSourcedApplication(stack, "App", {
    application,
    technologies: technologiesOn(technologies, choices),
    code: codeFor(chosen),
    guard,
    origins,
    throttle,
    logLevel,
    tracing,
  });
  if (choices.kafkaCluster) mskResources(new Stack(app, `${name}-kafka`), choices.kafkaCluster);
  if (choices.alarms) sendAlarms(stack, choices.alarms);
  return { app, choices };
};
