/** What `cdk` runs: the stack as its context asks for it. An error is one message; `cdk --debug` shows its stack too. */
import { fail, messageOf } from "./command-line.ts";
import { synthesize } from "./synthesize.ts";

try {
  synthesize({});
} catch (error) {
  const stack = error instanceof Error ? error.stack : undefined;
  fail(process.env.CDK_DEBUG === "true" && stack !== undefined ? stack : messageOf(error));
}
