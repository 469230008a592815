/**
 * Finds sagas that are stuck: they wait longer than their step allows. It reads only the instances that the list
 * names as due. An instance that is not stuck is scheduled for another check at the time when it would be. A stuck
 * instance of a choreography may have lost its message, so it gets another one, at each inspection until it continues.
 *
 * An instance of a saga that the application no longer defines is stuck as well: nothing will continue it.
 */
import type { AnyApplication } from "../../model/application.ts";
import { sagaOfInstance } from "../../model/named.ts";
import type { ContinueSaga } from "../../ports/deadlines.ts";
import { instancePages } from "../../ports/instance-pages.ts";
import {
  type InstanceItem,
  type Instances,
  type ListedStatus,
  storedEventsOf,
} from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import { type InstanceStatus, instanceStatusOf, isStuck, listedStatusOf } from "./instance-status.ts";

type InspectPorts = {
  readonly instances: Instances;
  readonly isChoreographed: (saga: string) => boolean;
  readonly continueSaga: ContinueSaga;
  readonly log: Log;
};

type Look = { readonly id: string; readonly isStuck: boolean };

const kinds: readonly ListedStatus["kind"][] = ["open", "compensating"];

/**
 * Returns the ids of stuck instances. Each is counted as `SagaStuck`. `now` is the time for which the inspection
 * was scheduled. After the clock has jumped, timers that it passed have not run yet, and that alone makes no
 * instance stuck.
 */
export const inspector = (
  { sagas }: Pick<AnyApplication, "sagas">,
  { instances, isChoreographed, continueSaga, log }: InspectPorts,
): ((now: Date) => Promise<readonly string[]>) => {
  const report = (sagaId: string, message: string, correlationId?: string) => {
    log.count("SagaStuck");
    log.write({ kind: "problem", message: `${sagaId} ${message}`, correlationId, sagaId });
  };

  const where = ({ position: { status }, since }: InstanceStatus, { fault }: InstanceItem): string => {
    const because = fault && fault.at >= since ? `; its task failed: ${fault.because}` : "";
    return `is stuck at ${"step" in status ? status.step : status.kind} since ${since}${because}`;
  };

  const look = async (id: string, now: Date): Promise<Look> => {
    const saga = sagaOfInstance({ sagas }, id);
    if (!saga) {
      report(
        id,
        "belongs to a saga that the application no longer has: deploy its definition until the instance has ended",
      );
      return { id, isStuck: true };
    }
    const item = await instances.read(id);
    const instanceStatus = instanceStatusOf(saga, item);
    if (!instanceStatus) return { id, isStuck: false };
    if (isStuck(instanceStatus, now)) {
      report(id, where(instanceStatus, item), instanceStatus.position.instance.start.metadata.correlationId);
      if (isChoreographed(saga.name)) await continueSaga(saga.name, id);
    } else await instances.setListedStatus(id, listedStatusOf(instanceStatus), storedEventsOf(item));
    return { id, isStuck: isStuck(instanceStatus, now) };
  };

  /** An instance that cannot be read or written does not block the others. The next inspection looks at it again. */
  const lookSafely = (id: string, now: Date): Promise<Look> =>
    look(id, now).catch((error: unknown) => {
      log.write({ kind: "problem", message: `could not inspect ${id}: ${error}`, sagaId: id, error });
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
      log.write({ kind: "saga", message: `late sagas inspected: ${looks.length}, stuck: ${stuck.length}` });
    return stuck;
  };
};
