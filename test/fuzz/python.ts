/** A Python that can create virtual environments. */
import { spawnSync } from "node:child_process";

const names = ["python3", "python3.13", "python3.12", "python3.11"];

const isRecent = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 11) else 1)";

/** Undefined if there is no Python 3.11 or newer with `venv`. */
export const recentPython = (): string | undefined =>
  names.find((name) => spawnSync(name, ["-c", isRecent], { stdio: "ignore" }).status === 0);
