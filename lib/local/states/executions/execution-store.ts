/**
 * The executions in the journal: running ones with their current wait, closed ones with their results, and the
 * definitions of running ones. An execution that has just closed is in both maps until its end has been announced. It
 * counts as closed.
 */
import type { Journal } from "../../machine/journal.ts";
import type { Closed, Execution, Machine, Running } from "./execution.ts";

export type ExecutionStore = {
  /** The current wait of a running execution. Undefined if the execution is closed or unknown. */
  readonly running: (arn: string) => Running | undefined;
  readonly allRunning: () => readonly (readonly [arn: string, Running])[];
  readonly find: (arn: string) => Execution | undefined;
  readonly all: () => readonly (readonly [arn: string, Execution])[];
  readonly begin: (arn: string, running: Running, machine: Machine) => void;
  readonly put: (arn: string, running: Running) => void;
  readonly close: (arn: string, closed: Closed) => void;
  readonly announced: (arn: string) => void;
  /** Removes the execution completely. */
  readonly forget: (arn: string) => void;
  /** Closed executions whose end has not been announced. */
  readonly unannounced: () => readonly string[];
  readonly definitionText: (id: string) => string | undefined;
  /** Frees the name of an execution that was closed long enough ago. */
  readonly forgetOld: (arn: string, now: number) => void;
  /** Removes executions that were closed long enough ago, and definitions that no execution uses. */
  readonly sweep: (now: number) => void;
};

/** AWS removes a closed execution, and frees its name, after 90 days. */
const keptMilliseconds = 90 * 24 * 3600 * 1000;

export const executionStore = (journal: Journal): ExecutionStore => {
  const running = journal.map<Running>("states.running");
  const closed = journal.map<Closed>("states.closed");
  const definitions = journal.map<string>("states.definitions");

  const allRunning = () => [...running.entries()].filter(([arn]) => !closed.get(arn));

  const forgetOld = (arn: string, now: number) => {
    const stoppedAt = closed.get(arn)?.stoppedAt ?? now;
    if (stoppedAt + keptMilliseconds >= now) return;
    running.delete(arn);
    closed.delete(arn);
  };

  return {
    running: (arn) => (closed.get(arn) ? undefined : running.get(arn)),
    allRunning,
    find: (arn) => {
      const at = running.get(arn);
      return closed.get(arn) ?? (at && viewOf(at));
    },
    all: () => [...closed.entries(), ...allRunning().map(([arn, at]) => [arn, viewOf(at)] as const)],
    begin: (arn, at, machine) => {
      if (!definitions.get(at.definitionId)) definitions.set(at.definitionId, machine.definitionText);
      running.set(arn, at);
    },
    put: running.set,
    close: closed.set,
    announced: running.delete,
    forget: running.delete,
    unannounced: () => [...running.entries()].flatMap(([arn]) => (closed.get(arn) ? [arn] : [])),
    definitionText: definitions.get,
    forgetOld,
    sweep: (now) => {
      for (const [arn] of [...closed.entries()]) forgetOld(arn, now);
      const used = new Set([...running.entries()].map(([, { definitionId }]) => definitionId));
      for (const [id] of [...definitions.entries()]) if (!used.has(id)) definitions.delete(id);
    },
  };
};

const viewOf = ({ machineArn, name, input, startedAt }: Running): Execution => ({
  machineArn,
  name,
  input,
  startedAt,
  status: "RUNNING",
});
