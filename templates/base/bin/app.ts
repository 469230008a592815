/** The deployment: `cdk` runs this file, and its context (`-c name=value`) chooses the technologies. */
import { join } from "node:path";
import { synthesize } from "eventfold/deploy";
import { application } from "#application";
import { technologies } from "#technologies";

synthesize({ application, technologies, root: join(import.meta.dirname, "..") });
