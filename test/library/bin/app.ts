/** What `cdk` runs: the stack of the library. */
import { join } from "node:path";
import { cdkApp } from "eventfold/deploy/cdk-app";
import { application } from "#application";
import { technologies } from "#technologies";

cdkApp({ application, technologies, root: join(import.meta.dirname, "..") });
