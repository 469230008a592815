/** The library of test/library in a folder outside this repository, with eventfold as a tarball. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../bin/command-line.ts";
import { installed } from "../new/packages.ts";
import { compilerOptions, install } from "./consumer.ts";

/** Returns the folder. The end-to-end test is not copied, because it starts the local cloud of this repository. */
export const library = (tarball: string, into: string): string => {
  const [from, folder] = [join(root, "test/library"), join(into, "library")];
  mkdirSync(folder);
  for (const part of ["bin", "lib", "test", "cdk.json"])
    cpSync(join(from, part), join(folder, part), { recursive: true });
  cpSync(tarball, join(folder, basename(tarball)));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  install(folder, {
    ...JSON.parse(readFileSync(join(from, "package.json"), "utf8")),
    dependencies: {
      eventfold: `file:${basename(tarball)}`,
      ...installed("@aws-sdk/client-dynamodb", "aws-cdk-lib", "constructs", "zod"),
    },
    devDependencies: installed("@types/node", "tsx", "typescript", "vite", "vitest"),
  });
  return folder;
};
