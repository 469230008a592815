/** The entry point of `cdk` for the shop: the stack that the context describes. */
import { join } from "node:path";
import { cdkAppIn } from "../lib/deploy/cdk-app.ts";

await cdkAppIn(join(import.meta.dirname, ".."));
