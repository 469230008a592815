/** Loads the application of a folder, so that commands run any application instead of one that they import. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AnyApplication } from "../model/application.ts";
import { refuseProblems } from "../model/validation/validate.ts";
import { moduleIn, moduleNames } from "./modules.ts";
import type { Project } from "./synthesize.ts";
import type { OwnTechnologies } from "./technologies.ts";

const mapsAnApplication = (folder: string): boolean => {
  const file = join(folder, "package.json");
  return existsSync(file) && readFileSync(file, "utf8").includes(`"${moduleNames.application}"`);
};

/** The nearest folder, from this one upwards, whose package.json maps #application. Throws if there is none. */
export const projectRoot = (folder: string): string => {
  for (let each = folder; ; each = dirname(each)) {
    if (mapsAnApplication(each)) return each;
    if (dirname(each) === each)
      throw new Error(
        `${folder}: expected a package.json with "imports" for ${Object.values(moduleNames).join(", ")} here or in a ` +
          "folder above; run this command in the folder of your application",
      );
  }
};

/** `refuseProblems` checks its members. */
const isApplication = (value: unknown): value is AnyApplication<unknown> =>
  typeof value === "object" && value !== null;

const isTechnologies = (value: unknown): value is OwnTechnologies<unknown> =>
  typeof value === "object" && value !== null && "services" in value && typeof value.services === "function";

const exported = async <Value>(
  root: string,
  name: (typeof moduleNames)[keyof typeof moduleNames],
  isIt: (value: unknown) => value is Value,
): Promise<Value> => {
  const file = moduleIn(root, name);
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
  const value = module[name.slice(1)];
  if (isIt(value)) return value;
  throw new Error(`${file}: expected an export named ${name.slice(1)} that is the value of ${name}`);
};

/**
 * Loads an application and its technologies. Throws, naming the file, if one is missing or has the wrong type, and with
 * a list of all problems if the application is not valid.
 */
export const projectIn = async (folder: string): Promise<Project<unknown>> => {
  const root = projectRoot(folder);
  const application = await exported(root, moduleNames.application, isApplication);
  refuseProblems(application);
  return {
    application,
    technologies: await exported(root, moduleNames.technologies, isTechnologies),
    root,
  };
};
