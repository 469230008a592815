/** Where the binary of dynoxide is: named by DYNOXIDE_BIN, else of the npm package, else in PATH. */
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

/** Nothing if there is none. */
export const engineBinary = (environment: NodeJS.ProcessEnv): string | undefined => {
  const named = environment.DYNOXIDE_BIN;
  if (named !== undefined && !existsSync(named))
    throw new Error(`DYNOXIDE_BIN=${named}: there is no such file`);
  const inPath = (environment.PATH ?? "").split(delimiter).map((folder) => join(folder, "dynoxide"));
  return [named, packaged(), ...inPath].find((file) => file !== undefined && existsSync(file));
};
