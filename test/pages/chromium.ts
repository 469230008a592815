/** The Chromium of this machine. Root on Debian gets one by apt-get. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { install } from "../../bin/brokers/debian.ts";

const names = ["chromium", "chromium-browser", "google-chrome"];

const found = (): string | undefined =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));

/** Throws, with a short reason, if there is no Chromium and it cannot be installed. */
export const chromiumPath = async (): Promise<string> => {
  const before = found();
  if (before !== undefined) return before;
  await install("chromium");
  const after = found();
  if (after === undefined) throw new Error("apt-get installed no chromium");
  return after;
};
