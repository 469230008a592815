/** Derives the package.json of the tarball: JavaScript instead of TypeScript, without fields for development. */
import * as z from "zod";
import { moduleNames } from "../../lib/deploy/modules.ts";

/** A target in `exports` or `imports`: a file, or a target per condition. */
type Target = string | { readonly [condition: string]: Target };

const target: z.ZodType<Target> = z.lazy(() => z.union([z.string(), z.record(z.string(), target)]));
const targets = z.record(z.string(), target);
const strings = z.record(z.string(), z.string());

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  type: z.literal("module"),
  /** Without it, a function contains every module that `eventfold.ts` exports. */
  sideEffects: z.literal(false),
  engines: strings,
  exports: targets,
  imports: targets,
  dependencies: strings,
  peerDependencies: strings,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.literal(true) })),
  optionalDependencies: strings,
});

/** The content of the tarball. npm adds package.json, README and LICENSE itself. */
const files = ["bin", "cdk.json", "docs", "lambdas", "lib", "templates"] as const;

/** Throws when it is loaded. The build of an application replaces it. */
const noApplication = "./lib/deploy/no-application.js";

const compiled = (given: Target): Target =>
  typeof given === "string"
    ? given.replace(/\.ts$/, ".js")
    : Object.fromEntries(Object.entries(given).map(([condition, each]) => [condition, compiled(each)]));

const compiledAll = (given: Readonly<Record<string, Target>>): Readonly<Record<string, Target>> =>
  Object.fromEntries(Object.entries(given).map(([name, each]) => [name, compiled(each)]));

/** Drops fields that the schema does not name, such as scripts and `private`. Throws if a required field is missing. */
export const packedManifest = (text: string) => {
  const { exports, imports, ...rest } = manifest.parse(JSON.parse(text));
  return {
    ...rest,
    files,
    bin: { eventfold: "./bin/eventfold.js" },
    exports: compiledAll(exports),
    imports: {
      ...compiledAll(imports),
      ...Object.fromEntries(Object.values(moduleNames).map((name) => [name, noApplication])),
    },
  };
};
