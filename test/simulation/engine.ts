/** An engine that runs the sagas of a simulation. */
import type { EndedExecution } from "../../lib/adapters/memory/saga-engine.ts";
import type { AnySaga } from "../../lib/model/saga.ts";
import type { MachineTask } from "../../lib/model/sagas/machine-task.ts";
import type { ContinueSaga } from "../../lib/ports/deadlines.ts";
import type { SagaEngine } from "../../lib/ports/saga-engine.ts";
import type { Timeline } from "./timeline.ts";

/** What an engine needs. */
export type Ground = {
  readonly sagas: readonly AnySaga[];
  readonly time: Timeline;
  /** Invokes the function of the saga. The engine gets the name of the error if it throws. */
  readonly run: (saga: AnySaga, task: MachineTask) => Promise<void>;
  readonly ended: (
    execution: Pick<EndedExecution, "sagaId" | "execution" | "because"> & { readonly status: string },
  ) => void;
};

/**
 * `former` is for one release: the deployed code changes while instances run. It says which code is deployed, and continues a
 * stuck instance as this code does. See former-express.ts.
 */
export type Engine = SagaEngine & {
  readonly former?: {
    readonly isChoreographed: (saga: string) => boolean;
    readonly continueSaga: (continues: ContinueSaga) => ContinueSaga;
  };
};
