/** Finds the binary of dynoxide: the file in DYNOXIDE_BIN, else the one in the npm package, else one in PATH. */
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

/** Undefined if none is found. Throws if DYNOXIDE_BIN names a file that does not exist. */
export const engineBinary = (environment: NodeJS.ProcessEnv): string | undefined => {
  const named = environment.DYNOXIDE_BIN;
  if (named !== undefined && !existsSync(named))
    throw new Error(`DYNOXIDE_BIN=${named}: there is no such file`);
  const inPath = (environment.PATH ?? "").split(delimiter).map((folder) => join(folder, "dynoxide"));
  return [named, packaged(), ...inPath].find((file) => file !== undefined && existsSync(file));
};
