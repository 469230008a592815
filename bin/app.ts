/** The entry point of `cdk` for the shop: the stack that the context describes. */
import { join } from "node:path";
import { application } from "#application";
import { technologies } from "#technologies";
import { cdkApp } from "../lib/deploy/cdk-app.ts";

cdkApp({ application, technologies, root: join(import.meta.dirname, "..") });
