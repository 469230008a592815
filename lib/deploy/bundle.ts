/**
 * Bundles the functions: one call of esbuild for all files of `lambdas`, with an output folder per role. A bundle contains
 * everything that it imports, including the AWS SDK, and runs on Lambda and on a developer's machine.
 */
import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { type BuildResult, buildSync } from "esbuild";

type BundleOptions = {
  /** A folder in which each file exports a handler: TypeScript in this repository, JavaScript in the package. */
  readonly lambdas: string;
  readonly outdir: string;
  /** The chosen technologies, as conditions of `imports` in package.json. Other technologies are not bundled. */
  readonly chosen: readonly string[];
  /** The application's file for each module that the code imports by a `#` name. */
  readonly modules: Readonly<Record<string, string>>;
};

/** Bundled CommonJS code calls `require`, which ES modules do not define. */
const requireInModules =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** `.ts` in this repository, `.js` in the package. */
const extension = extname(import.meta.filename);

/** Replaces the SDK's credential providers, which would be a quarter of a bundle. Functions need only one of them. */
const alias = {
  "@aws-sdk/credential-provider-node": join(
    import.meta.dirname,
    `../adapters/system/credentials${extension}`,
  ),
};

const entryPoint = /(?<!\.d)\.[jt]s$/;

/** Writes `<outdir>/<role>/index.mjs` for each file. Returns esbuild's metafile, which lists the inputs of each bundle. */
export const bundle = ({
  lambdas,
  outdir,
  chosen,
  modules,
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
    // An explicit list replaces the default condition, so "module" is listed too.
    conditions: ["module", ...chosen],
    mainFields: ["module", "main"],
    minify: true,
    banner: { js: requireInModules },
    metafile: true,
    logLevel: "warning",
  }).metafile;
