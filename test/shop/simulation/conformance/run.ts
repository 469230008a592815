/** npm run conformance: plays the whole product for the checkout of the shop and for the sagas of the library. */

import { run } from "../../../simulation/conformance/command/run.ts";
import { librarySagas } from "../../../simulation/conformance/library.ts";
import { checkouts } from "./checkouts.ts";

await run([...checkouts, ...librarySagas]);
