/** The application is TypeScript. In the package this file is not, so Node has no loader for it yet. */
import { extname } from "node:path";
import { register } from "tsx/esm/api";

export const loadTypeScript = (): void => {
  if (extname(import.meta.filename) === ".js") register();
};
