/** The application is TypeScript. In the package this file is not, so Node has no loader for it yet. */
import { extname } from "node:path";

/** The loader brings esbuild with it, so it is loaded only by a command that runs. */
export const loadTypeScript = async (): Promise<void> => {
  if (extname(import.meta.filename) !== ".js") return;
  const { register } = await import("tsx/esm/api");
  register();
};
