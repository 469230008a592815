/** Installs Debian packages without a prompt. Works for root only: on clean machines and in build containers. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);
const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };

/** Throws, with a short reason, if the packages cannot be installed. */
export const install = async (...packages: readonly string[]): Promise<void> => {
  const names = packages.join(", ");
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0)
    throw new Error(`${names} must be installed; only root on Debian can do that automatically`);
  try {
    // A clean machine has no package lists yet.
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
  } catch {
    throw new Error(`apt-get cannot install ${names}`);
  }
};
