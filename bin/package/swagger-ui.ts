/**
 * Copies the viewer of the API into the tarball, with its licences. As a dependency, `swagger-ui-dist` would bring 12 MB
 * and a package whose install script reports each installation.
 */
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const files = [
  "swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt",
  "swagger-ui.css",
  "LICENSE",
  "NOTICE",
] as const;

/** `to` is the folder of the package that is built. */
export const copySwaggerUi = (to: string): void => {
  const from = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const folder = join(to, "bin/local/viewer/swagger-ui");
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(join(from, file), join(folder, file));
};
