/** The entry point of `cdk`. */
import { type Project, synthesize } from "./synthesize.ts";

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `${error}`;
  return process.env.CDK_DEBUG === "true" ? (error.stack ?? error.message) : error.message;
};

/**
 * Writes the cloud assembly to the folder that `cdk` names. An error is printed as one message, with exit code 1. With
 * `cdk --debug` its stack trace is printed too.
 */
export const cdkApp = <Services>(project: Project<Services>): void => {
  try {
    synthesize(project);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
};
