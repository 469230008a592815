/** The entry point of the deployment: `cdk` runs this file. */
import { join } from "node:path";
import { cdkApp } from "eventfold/deploy/cdk-app";
import { application } from "#application";
import { technologies } from "#technologies";

cdkApp({ application, technologies, root: join(import.meta.dirname, "..") });
