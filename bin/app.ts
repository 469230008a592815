/** What `cdk` runs: the stack as its context asks for it. An error is one message; `cdk --debug` shows its stack too. */

import { join } from "node:path";
import { application } from "#application";
import { technologies } from "#technologies";
import { synthesize } from "../lib/deploy/synthesize.ts";
import { fail, messageOf } from "./command-line.ts";

try {
  synthesize({ application, technologies, root: join(import.meta.dirname, "..") });
} catch (error) {
  const stack = error instanceof Error ? error.stack : undefined;
  fail(process.env.CDK_DEBUG === "true" && stack !== undefined ? stack : messageOf(error));
}
