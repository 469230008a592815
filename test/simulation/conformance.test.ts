/**
 * Sagas conform to their definition: whatever happens to a step, an undo, an event or the customer, each engine ends
 * completed, compensated, or parked with its reason, and copies, limits and reminders are correct. The seed selects the
 * scenarios; npm run conformance plays all of them.
 */
import { kindsOf } from "./conformance/kind.ts";
import { librarySagas } from "./conformance/library.ts";
import { conformance } from "./conformance/suite.ts";

conformance(kindsOf(librarySagas));
