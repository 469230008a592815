/** The status of an instance and how long it may last: for lists, for reports, and to find stuck instances. */

import type { AnySaga } from "../../model/saga.ts";
import { type Instance, instanceIn } from "../../model/sagas/instance.ts";
import { type Position, position, type Status, statusAt } from "../../model/sagas/status.ts";
import type { InstanceItem, ListedStatus } from "../../ports/instances.ts";

/** Added to the time that a step allows: after an outage of some minutes, the end of its wait is processed late. */
const marginSeconds = 300;

export type InstanceStatus = {
  readonly instance: Instance;
  readonly position: Position;
  /** Derived from the history alone. */
  readonly status: Status;
  /** If an execution ended before the saga did, the instance is parked, whatever its history says. */
  readonly kind: Status["kind"];
  readonly since: string;
  /** The end of the wait that the current task allows. Undefined if the saga is parked or over. */
  readonly until?: string;
  readonly stuckFrom?: string;
};

const later = (moment: string, seconds: number): string =>
  new Date(Date.parse(moment) + seconds * 1000).toISOString();

const latest = (...moments: readonly (string | undefined)[]): string =>
  moments.reduce<string>((last, each) => (each !== undefined && each > last ? each : last), "");

export const isOver = ({ kind }: Pick<Status, "kind">): boolean =>
  kind === "completed" || kind === "compensated";

/** Undefined if the history has no start. */
export const instanceStatusOf = (
  saga: AnySaga,
  { id, history, parked, resumed }: InstanceItem,
): InstanceStatus | undefined => {
  const instance = instanceIn(saga, id, history);
  if (!instance) return undefined;
  const where = position(instance, history);
  const status = statusAt(where, history);
  const common = { instance, position: where, status };
  if (isOver(status)) return { ...common, kind: status.kind, since: status.since };
  if (parked) return { ...common, kind: "parked", since: parked.at };
  if (status.kind === "parked" || !where.current)
    return { ...common, kind: status.kind, since: status.since };
  const since = latest(status.since, resumed?.at);
  const until = later(since, where.current.task.timeoutSeconds);
  return { ...common, kind: status.kind, since, until, stuckFrom: later(until, marginSeconds) };
};

/**
 * The status for lists. An open instance is listed with a time that is never later than the time when it would be
 * stuck. The time is kept as long as this holds: most instances end earlier, and then the list costs no extra
 * write.
 */
export const listedStatusOf = (
  { kind, since, stuckFrom }: InstanceStatus,
  before?: ListedStatus,
): ListedStatus => {
  const list = kind === "running" || kind === "waiting" ? "open" : kind;
  const at = stuckFrom ?? since;
  const holds =
    before?.kind === list && (stuckFrom === undefined ? before.at === at : before.at <= stuckFrom);
  return holds ? before : { kind: list, at };
};

export const isStuck = ({ stuckFrom }: InstanceStatus, now: Date): boolean =>
  stuckFrom !== undefined && now.getTime() >= Date.parse(stuckFrom);
