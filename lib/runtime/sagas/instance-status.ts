/** The status of an instance and how long it may last: for lists, for reports, and to find stuck instances. */

import type { AnySaga } from "../../model/saga.ts";
import { type Position, positionOf } from "../../model/sagas/position.ts";
import type { InstanceItem, ListedStatus } from "../../ports/instances.ts";

/** Added to the time that a step allows: after an outage of some minutes, the end of its wait is processed late. */
const marginSeconds = 300;

/** The position of an instance as lists and operators see it. Engines follow the position alone. */
export type InstanceStatus = {
  readonly position: Position;
  /** If an execution ended before the saga did, the instance is parked, whatever its history says. */
  readonly kind: Position["status"]["kind"];
  readonly since: string;
  /** The end of the wait that the current task allows. Undefined if the saga is parked or over. */
  readonly until?: string;
  readonly stuckFrom?: string;
};

const later = (moment: string, seconds: number): string =>
  new Date(Date.parse(moment) + seconds * 1000).toISOString();

const latest = (...moments: readonly (string | undefined)[]): string =>
  moments.reduce<string>((last, each) => (each !== undefined && each > last ? each : last), "");

/** Undefined if the history has no start. */
export const instanceStatusOf = (saga: AnySaga, item: InstanceItem): InstanceStatus | undefined => {
  const position = positionOf(saga, item);
  if (!position) return undefined;
  const { parked, resumed } = item;
  const { current, next, status } = position;
  if (current && parked) return { position, kind: "parked", since: parked.at };
  if (!next) return { position, kind: status.kind, since: status.since };
  const since = latest(status.since, resumed?.at);
  const until = later(since, next.task.timeoutSeconds);
  return { position, kind: status.kind, since, until, stuckFrom: later(until, marginSeconds) };
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
