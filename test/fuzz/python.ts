/** A Python that can create virtual environments, and such an environment. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const names = ["python3", "python3.13", "python3.12", "python3.11"];

const isRecent = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 11) else 1)";

/** Undefined if there is no Python 3.11 or newer with `venv`. */
export const recentPython = (): string | undefined =>
  names.find((name) => spawnSync(name, ["-c", isRecent], { stdio: "ignore" }).status === 0);

/** Makes a virtual environment with the packages of a `requirements.txt`, and returns the folder of its programs. */
export const environmentIn = (folder: string, python: string, requirements: string): string => {
  const bin = join(folder, "venv", "bin");
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { cwd: folder, stdio: "inherit" }).status === 0;
  const pip = ["install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
  if (run(python, ["-m", "venv", "venv"]) && run(join(bin, "pip"), pip)) return bin;
  throw new Error(`pip cannot install ${requirements}`);
};
