/** For choreographies: nothing is started, and no task waits with a token. */
import type { SagaEngine } from "../../lib/ports/saga-engine.ts";

export const noEngine: SagaEngine = { start: async () => undefined, complete: async () => "gone" };
