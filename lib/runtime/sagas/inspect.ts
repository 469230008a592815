/**
 * Looks for sagas that are stuck: they wait longer than their step allows. It reads only the instances whose time has come
 * by the list; one that is not stuck is looked at again when it would be. If an engine does not report how its executions
 * end, a stuck saga has lost its own: another one is started and goes on from the history, as often as it takes.
 *
 * An instance of a saga that the application no longer has is stuck as well: nothing will continue it.
 */
import type { Application } from "../../model/application.ts";
import { sagaOfInstance } from "../../model/named.ts";
import { instancePages } from "../../ports/instance-pages.ts";
import type { InstanceItem, Instances, ListedStatus } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import type { SagaEngine } from "../../ports/saga-engine.ts";
import { executionName } from "./execution-name.ts";
import { type InstanceStatus, instanceStatusOf, isStuck, listedStatusOf } from "./instance-status.ts";

type InspectPorts = {
  readonly instances: Instances;
  readonly engine: Pick<SagaEngine, "start">;
  /** Whether the executions of this saga may end without a report. */
  readonly endsUnreported: (saga: string) => boolean;
  readonly log: Log;
};

type Look = { readonly id: string; readonly isStuck: boolean };

const kinds: readonly ListedStatus["kind"][] = ["open", "compensating"];

/**
 * Answers the ids of those that are stuck, each counted as `SagaStuck`. `now` is the time for which the look was
 * scheduled: after a jump of the clock, timers that it passed have not run yet, and nothing is stuck because of that.
 */
export const inspector = (
  { sagas }: Pick<Application<never>, "sagas">,
  { instances, engine, endsUnreported, log }: InspectPorts,
): ((now: Date) => Promise<readonly string[]>) => {
  const report = (sagaId: string, message: string, correlationId?: string) => {
    log.count("SagaStuck");
    log.write({ kind: "problem", message: `${sagaId} ${message}`, correlationId, sagaId });
  };

  const where = ({ status, since }: InstanceStatus, { fault }: InstanceItem): string => {
    const because = fault && fault.at >= since ? `; its task failed: ${fault.because}` : "";
    return `is stuck at ${"step" in status ? status.step : status.kind} since ${since}${because}`;
  };

  const restart = async (saga: string, { id, restarts }: InstanceItem, { instance }: InstanceStatus) => {
    if (endsUnreported(saga)) await engine.start(saga, executionName(id, restarts), id, instance.skips);
  };

  const look = async (id: string, now: Date): Promise<Look> => {
    const saga = sagaOfInstance({ sagas }, id);
    if (!saga) {
      report(
        id,
        "waits for a saga that the application no longer has; deploy its definition until it has ended",
      );
      return { id, isStuck: true };
    }
    const item = await instances.read(id);
    const instanceStatus = instanceStatusOf(saga, item);
    if (!instanceStatus) return { id, isStuck: false };
    if (isStuck(instanceStatus, now)) {
      report(id, where(instanceStatus, item), instanceStatus.instance.start.metadata.correlationId);
      await restart(saga.name, item, instanceStatus);
    } else await instances.setListedStatus(id, listedStatusOf(instanceStatus), item.history.length);
    return { id, isStuck: isStuck(instanceStatus, now) };
  };

  /** One that cannot be read or written stops no other, and is looked at the next time. */
  const lookSafely = (id: string, now: Date): Promise<Look> =>
    look(id, now).catch((error: unknown) => {
      log.write({ kind: "problem", message: `looking at ${id}: ${error}`, sagaId: id, error });
      return { id, isStuck: false };
    });

  const lookAt = async (kind: ListedStatus["kind"], now: Date): Promise<readonly Look[]> => {
    const looks: Look[] = [];
    for await (const ids of instancePages(instances, { kind, until: now.toISOString() }))
      looks.push(...(await Promise.all(ids.map((id) => lookSafely(id, now)))));
    return looks;
  };

  return async (now) => {
    const looks = (await Promise.all(kinds.map((kind) => lookAt(kind, now)))).flat();
    const stuck = looks.filter((each) => each.isStuck).map(({ id }) => id);
    if (looks.length > 0)
      log.write({ kind: "saga", message: `late sagas looked at: ${looks.length}, stuck: ${stuck.length}` });
    return stuck;
  };
};
