/**
 * Looks for sagas that are stuck: that wait longer than their step allows. It reads those alone whose time has come
 * by the list; one that is not stuck is looked at again when it would be. Where nobody is told how executions end, a
 * stuck saga has lost its own: another is started, as often as it takes, and goes on from the notes.
 */
import type { Application } from "../model/application.ts";
import type { Clock } from "../ports/clock.ts";
import type { InstanceItem, Instances, Standing } from "../ports/instances.ts";
import type { Log } from "../ports/log.ts";
import type { SagaEngine } from "../ports/saga-engine.ts";
import { executionName } from "./execution-name.ts";
import { isStuck, type Stand, standingOf, standOf } from "./standing.ts";

export type InspectPorts = {
  readonly instances: Instances;
  readonly engine: Pick<SagaEngine, "start">;
  /** Whether the executions of this saga may end without anybody being told. */
  readonly endsUntold: (saga: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
};

type Look = { readonly id: string; readonly isStuck: boolean };

/** How many are read at once. */
const pageSize = 25;

const kinds: readonly Standing["kind"][] = ["open", "compensating"];

/** Answers the ids of those that are stuck, each counted as `SagaStuck`. */
export const inspector = (
  { sagas }: Pick<Application<never>, "sagas">,
  { instances, engine, endsUntold, clock, log }: InspectPorts,
): (() => Promise<readonly string[]>) => {
  const tell = (id: string, { status, since, instance }: Stand) => {
    const { correlationId } = instance.start.metadata;
    const where = "step" in status ? status.step : status.kind;
    log.count("SagaStuck");
    const message = `${id} is stuck at ${where} since ${since}`;
    log.write({ kind: "problem", message, correlationId, sagaId: id });
  };

  const restart = async (saga: string, { id, restarts }: InstanceItem, { instance }: Stand) => {
    if (endsUntold(saga)) await engine.start(saga, executionName(id, restarts), id, instance.skips);
  };

  const look = async (id: string, now: Date): Promise<Look> => {
    const saga = sagas.find(({ name }) => id.startsWith(`${name}/`));
    const item = await instances.read(id);
    const stand = saga && standOf(saga, item);
    if (!stand) return { id, isStuck: false };
    if (isStuck(stand, now)) {
      tell(id, stand);
      await restart(saga.name, item, stand);
    } else await instances.stand(id, standingOf(stand), item.notes.length);
    return { id, isStuck: isStuck(stand, now) };
  };

  const lookAt = async (kind: Standing["kind"], now: Date): Promise<readonly Look[]> => {
    const looks: Look[] = [];
    const request = { kind, until: now.toISOString(), limit: pageSize };
    for (let from: string | undefined, isFirst = true; isFirst || from !== undefined; isFirst = false) {
      const page = await instances.list({ ...request, ...(from !== undefined && { from }) });
      if (page === "invalid") throw new Error(`a list of ${kind} instances does not know its own next`);
      looks.push(...(await Promise.all(page.ids.map((id) => look(id, now)))));
      from = page.next;
    }
    return looks;
  };

  return async () => {
    const now = clock();
    const looks = (await Promise.all(kinds.map((kind) => lookAt(kind, now)))).flat();
    const stuck = looks.filter((each) => each.isStuck).map(({ id }) => id);
    if (looks.length > 0)
      log.write({ kind: "saga", message: `late sagas looked at: ${looks.length}, stuck: ${stuck.length}` });
    return stuck;
  };
};
