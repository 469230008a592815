/** Where sagas go by events alone nothing is started, and nothing waits with a token. */
import type { SagaEngine } from "../../lib/ports/saga-engine.ts";

export const noEngine: SagaEngine = { start: async () => undefined, complete: async () => "gone" };
