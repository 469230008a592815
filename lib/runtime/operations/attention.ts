/** The sagas that need an operator: parked sagas, and sagas that wait longer than their step allows. */
import type { AnyApplication } from "../../model/application.ts";
import { sagaOfInstance } from "../../model/named.ts";
import type { Clock } from "../../ports/clock.ts";
import { type InstanceList, instancePages } from "../../ports/instance-pages.ts";
import type { Instances, ListedStatus } from "../../ports/instances.ts";
import { type SagaSummary, sagaSummaries } from "../sagas/saga-report.ts";

/** An instance of a saga that the application no longer defines. Nothing will continue it. */
type RemovedSaga = { readonly saga: string; readonly id: string };

type Stuck = { readonly sagas: readonly SagaSummary[]; readonly removed: readonly RemovedSaga[] };

const sagaOf = (sagaId: string): RemovedSaga => {
  const slash = sagaId.indexOf("/");
  return { saga: sagaId.slice(0, slash), id: sagaId.slice(slash + 1) };
};

export const attention = (
  application: Pick<AnyApplication, "sagas">,
  { instances, clock }: { readonly instances: Instances; readonly clock: Clock },
) => {
  /** Reads one page of instances at a time. */
  const summariesIn = async (list: InstanceList): Promise<readonly SagaSummary[]> => {
    const found: SagaSummary[] = [];
    for await (const ids of instancePages(instances, list))
      found.push(...(await sagaSummaries(application, instances, ids, clock())));
    return found;
  };

  const removedIn = async (kind: ListedStatus["kind"]): Promise<readonly RemovedSaga[]> => {
    const found: RemovedSaga[] = [];
    for await (const ids of instancePages(instances, { kind }))
      found.push(...ids.filter((id) => !sagaOfInstance(application, id)).map(sagaOf));
    return found;
  };

  return {
    /** Sagas that are parked now. The list may lag behind, so the status is checked again. */
    parked: async (): Promise<readonly SagaSummary[]> =>
      (await summariesIn({ kind: "parked" })).filter(({ status }) => status === "parked"),
    /**
     * The list time of an instance is never later than the time at which it would be stuck. So only the instances
     * listed up to now are read.
     */
    stuck: async (): Promise<Stuck> => {
      const until = clock().toISOString();
      const late = [
        ...(await summariesIn({ kind: "open", until })),
        ...(await summariesIn({ kind: "compensating", until })),
      ];
      return {
        sagas: late.filter(({ stuck }) => stuck),
        removed: (await Promise.all((["open", "compensating", "parked"] as const).map(removedIn))).flat(),
      };
    },
  };
};
