/**
 * The code of the functions: one call of esbuild for all files of `lambdas`, one folder a role. The bundles hold
 * all that they need, the AWS SDK too, and run on the Node of the cloud and on the Node of a laptop.
 */
import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { type BuildResult, buildSync } from "esbuild";

type BundleOptions = {
  /** A folder of files that each export a handler: TypeScript here, JavaScript in the package. */
  readonly lambdas: string;
  readonly outdir: string;
  /** The technologies chosen: conditions of the `imports` in package.json. What is not chosen is in no bundle. */
  readonly chosen?: readonly string[];
  /** The file of each module that the code imports by a name: those of the application. */
  readonly modules?: Readonly<Record<string, string>>;
};

/** CommonJS code within a bundle asks for `require`, which an ES module does not have. */
const requireInModules =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** TypeScript here, JavaScript in the package: what this file is. */
const extension = extname(import.meta.filename);

/** Replaces a package: a quarter of a bundle would be ways to sign in that no function uses. */
const alias = {
  "@aws-sdk/credential-provider-node": join(
    import.meta.dirname,
    `../adapters/system/credentials${extension}`,
  ),
};

const entryPoint = /(?<!\.d)\.[jt]s$/;

/** Writes `<outdir>/<role>/index.mjs` for each file, and answers what went into each. */
export const bundle = ({
  lambdas,
  outdir,
  chosen = [],
  modules = {},
}: BundleOptions): BuildResult<{ metafile: true }>["metafile"] =>
  buildSync({
    entryPoints: readdirSync(lambdas)
      .filter((file) => entryPoint.test(file))
      .map((file) => ({ in: join(lambdas, file), out: join(basename(file, extname(file)), "index") })),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    alias: { ...alias, ...modules },
    // Naming any takes the usual one away.
    conditions: ["module", ...chosen],
    mainFields: ["module", "main"],
    minify: true,
    banner: { js: requireInModules },
    metafile: true,
    logLevel: "warning",
  }).metafile;
