/** Registers the TypeScript loader. The application is TypeScript, but the commands of the package are JavaScript. */
import { extname } from "node:path";

/** The loader brings esbuild with it, so it is loaded only by a command that runs. */
export const loadTypeScript = async (): Promise<void> => {
  if (extname(import.meta.filename) !== ".js") return;
  const { register } = await import("tsx/esm/api");
  register();
};
