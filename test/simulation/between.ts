/** Hooks between the parts of a world: a test can add faults and remove guards. */
import type { AnyApplication } from "../../lib/model/application.ts";
import type { Deadlines } from "../../lib/ports/deadlines.ts";
import type { Commit } from "../../lib/ports/event-store.ts";
import type { Instances } from "../../lib/ports/instances.ts";
import type { Ledger } from "../../lib/ports/ledger.ts";
import type { HandleCommand } from "../../lib/runtime/streams/handle-command.ts";
import type { Arrivals, MakeBus } from "./simulated-bus.ts";

type Deciding = Pick<AnyApplication, "name" | "deciders">;

/** A bus outside the simulation. Time does not pass until `settled` resolves. */
export type OtherBus = { readonly make: MakeBus; readonly settled: () => Promise<void> };

export type Between = {
  /** Handles the commands of one process, with the handler of the application or with another one. */
  readonly commands: (
    handlerOf: (application: Deciding) => HandleCommand,
    application: Deciding,
  ) => HandleCommand;
  readonly instances: (instances: Instances) => Instances;
  readonly ledger: (ledger: Ledger) => Ledger;
  readonly deadlines: (deadlines: Deadlines) => Deadlines;
  /** Called for every commit. */
  readonly stored: (commit: Commit) => void;
  readonly arrivals: Arrivals;
  /** Another bus instead of the simulated one, which ignores `arrivals`. */
  readonly bus?: OtherBus;
};

export const nothingBetween: Between = {
  commands: (handlerOf, application) => handlerOf(application),
  instances: (kept) => kept,
  ledger: (kept) => kept,
  deadlines: (kept) => kept,
  stored: () => undefined,
  arrivals: () => [0],
};
