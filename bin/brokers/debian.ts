/** Packages of Debian, where root may install them without a question: a clean machine, a container of a build. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);
const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };

/** Throws, in a few words, where they cannot be had. */
export const install = async (...packages: readonly string[]): Promise<void> => {
  const names = packages.join(", ");
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0)
    throw new Error(`nobody but root of a Debian may install ${names}`);
  try {
    // A clean machine does not know yet what there is.
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
  } catch {
    throw new Error(`apt-get cannot install ${names}`);
  }
};
