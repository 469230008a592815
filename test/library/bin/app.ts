/** What `cdk` runs: the stack of the library. */
import { join } from "node:path";
import { synthesize } from "eventfold/deploy";
import { application } from "#application";
import { technologies } from "#technologies";

synthesize({ application, technologies, root: join(import.meta.dirname, "..") });
