/** What `cdk` runs. */
import { type Project, synthesize } from "./synthesize.ts";

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `${error}`;
  return process.env.CDK_DEBUG === "true" ? (error.stack ?? error.message) : error.message;
};

/**
 * Writes the cloud assembly where `cdk` wants it. An error is one message and exit code 1; `cdk --debug` shows the stack of
 * the error as well.
 */
export const cdkApp = <Services>(project: Project<Services>): void => {
  try {
    synthesize(project);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
};
