/**
 * The modules of an application, as `imports` in its package.json maps them. The functions import the application and its
 * services by these names, so the same code runs every application.
 */
import { createRequire } from "node:module";
import { join } from "node:path";

/** `#technologies` is for deployment only. It imports the CDK, which no function may contain. */
export const moduleNames = {
  application: "#application",
  services: "#services",
  technologies: "#technologies",
} as const;

type ModuleName = (typeof moduleNames)[keyof typeof moduleNames];

/**
 * The file of a module. `root` is the folder with the application's package.json. Throws, with the entry to add, if the
 * package.json does not map the name or the file does not exist.
 */
export const moduleIn = (root: string, name: ModuleName): string => {
  try {
    return createRequire(join(root, "package.json")).resolve(name);
  } catch (error) {
    throw new Error(
      `${join(root, "package.json")}: expected "imports" with ${name} and the file of that module, such as ` +
        `"${name}": "./lib/${name.slice(1)}.ts" (${error instanceof Error ? error.message.split("\n")[0] : error})`,
    );
  }
};
