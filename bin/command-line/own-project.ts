/** The application of the folder that a command runs in. */
import { projectIn } from "../../lib/deploy/project.ts";
import type { Project } from "../../lib/deploy/synthesize.ts";
import { loadTypeScript } from "./typescript.ts";

/** Loads the application, which takes seconds. Call it after the options are checked, so that --help answers at once. */
export const ownProject = async (): Promise<Project<unknown>> => {
  await loadTypeScript();
  return projectIn(process.cwd());
};
