/** A copy of a part of this repository, as on a machine where npm installed no package with the engine. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const packageOfEngine = "@dynoxide";

/** Returns the folder of the copy. The caller removes it. */
export const copyWithoutPackage = (paths: readonly string[]): string => {
  const folder = mkdtempSync(join(tmpdir(), "without-engine-"));
  for (const path of paths) cpSync(join(root, path), join(folder, path), { recursive: true });
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== packageOfEngine) symlinkSync(join(root, "node_modules", name), join(modules, name));
  return folder;
};
