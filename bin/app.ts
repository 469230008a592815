/** What `cdk` runs: the stack as its context asks for it. */
import { join } from "node:path";
import { application } from "#application";
import { technologies } from "#technologies";
import { cdkApp } from "../lib/deploy/cdk-app.ts";

cdkApp({ application, technologies, root: join(import.meta.dirname, "..") });
