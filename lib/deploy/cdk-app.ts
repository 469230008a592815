/** The entry point of `cdk`. */
import { projectIn } from "./project.ts";
import { type Project, synthesize } from "./synthesize.ts";

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `${error}`;
  return process.env.CDK_DEBUG === "true" ? (error.stack ?? error.message) : error.message;
};

const refuse = (error: unknown): never => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
};

/**
 * Writes the cloud assembly to the folder that `cdk` names, and the notices to stderr. An error is printed as one message, with exit code 1. With
 * `cdk --debug` its stack trace is printed too.
 */
export const cdkApp = <Services>(project: Project<Services>): void => {
  try {
    for (const notice of synthesize(project).notices) process.stderr.write(`${notice}\n`);
  } catch (error) {
    refuse(error);
  }
};

/**
 * The same for the application that the package.json of this folder maps. An error in the mapping is one message too.
 * Such an error in a module that imports `#application` itself would be a stack trace of Node.
 */
export const cdkAppIn = async (folder: string): Promise<void> => {
  try {
    cdkApp(await projectIn(folder));
  } catch (error) {
    refuse(error);
  }
};
