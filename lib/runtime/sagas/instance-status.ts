/** Where an instance stands and until when it may: for lists, for reports, and to tell which are stuck. */

import type { AnySaga } from "../../model/saga.ts";
import { type Instance, instanceIn } from "../../model/sagas/instance.ts";
import { type Position, position, type Status, statusAt } from "../../model/sagas/status.ts";
import type { InstanceItem, ListedStatus } from "../../ports/instances.ts";

/** More than a step allows: whoever ends its wait may be late, by an outage of minutes, and make up for it. */
const marginSeconds = 300;

export type InstanceStatus = {
  readonly instance: Instance;
  readonly position: Position;
  /** By the notes alone. */
  readonly status: Status;
  /** An execution that ended without an end of the saga is what counts first. */
  readonly kind: Status["kind"];
  readonly since: string;
  /** When the wait ends that the current task allows; nothing where the saga is parked or over. */
  readonly until?: string;
  readonly stuckFrom?: string;
};

const later = (moment: string, seconds: number): string =>
  new Date(Date.parse(moment) + seconds * 1000).toISOString();

const latest = (...moments: readonly (string | undefined)[]): string =>
  moments.reduce<string>((last, each) => (each !== undefined && each > last ? each : last), "");

export const isOver = ({ kind }: Pick<Status, "kind">): boolean =>
  kind === "completed" || kind === "compensated";

/** Nothing where no start is noted. */
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
 * How lists know it. What is under way is found by a time that is never later than when it would be stuck, and is
 * not moved as long as that holds: most have ended before, and have cost no write of the list.
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
