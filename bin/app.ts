/** What `cdk` runs: the stack as its context asks for it. */
import { synthesize } from "./synthesize.ts";

synthesize({});
