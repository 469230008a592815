/** The entry point of the deployment, which `cdk` runs. Its context (`-c name=value`) selects the technologies. */
import { join } from "node:path";
import { cdkAppIn } from "eventfold/deploy/cdk-app";

await cdkAppIn(join(import.meta.dirname, ".."));
