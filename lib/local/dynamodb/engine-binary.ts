/** Where the embedded DynamoDB engine is: named by DYNOXIDE_BIN, else of the npm package, else in PATH. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";

const packaged = (): string | undefined => {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `@dynoxide/${process.platform}-${process.arch}/package.json`,
    );
    return join(dirname(manifest), "dynoxide");
  } catch {
    return undefined;
  }
};

export const engineBinary = (environment: NodeJS.ProcessEnv = process.env): string => {
  const named = environment.DYNOXIDE_BIN;
  if (named !== undefined && !existsSync(named))
    throw new Error(`DYNOXIDE_BIN=${named}: there is no such file`);
  const inPath = (environment.PATH ?? "").split(delimiter).map((folder) => join(folder, "dynoxide"));
  const found = [named, packaged(), ...inPath].find((file) => file !== undefined && existsSync(file));
  if (found !== undefined) return found;
  throw new Error(
    `there is no DynamoDB engine for ${process.platform}-${process.arch}: ` +
      "set DYNOXIDE_BIN to a dynoxide binary, or give --dynamodb the URL of DynamoDB Local",
  );
};
