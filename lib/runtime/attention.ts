/** The sagas that need an operator: parked ones, and those that wait longer than their step allows. */
import type { Application } from "../model/application.ts";
import type { Clock } from "../ports/clock.ts";
import { instancePages } from "../ports/instance-pages.ts";
import type { Instances, Standing } from "../ports/instances.ts";
import { type SagaSummary, sagaSummary } from "./saga-report.ts";

/** An instance of a saga that the application no longer has: nothing continues it. */
export type RemovedSaga = { readonly saga: string; readonly id: string };

export type Stuck = { readonly sagas: readonly SagaSummary[]; readonly removed: readonly RemovedSaga[] };

const sagaOf = (sagaId: string): RemovedSaga => {
  const slash = sagaId.indexOf("/");
  return { saga: sagaId.slice(0, slash), id: sagaId.slice(slash + 1) };
};

export const attention = (
  { sagas }: Pick<Application<never>, "sagas">,
  { instances, clock }: { readonly instances: Instances; readonly clock: Clock },
) => {
  const idsOf = async (kind: Standing["kind"]): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const ids of instancePages(instances, { kind })) found.push(...ids);
    return found;
  };

  const isRemoved = (id: string): boolean => !sagas.some(({ name }) => id.startsWith(`${name}/`));

  const summaryOf = async (id: string): Promise<readonly SagaSummary[]> => {
    const saga = sagas.find(({ name }) => id.startsWith(`${name}/`));
    const summary = saga && sagaSummary(saga, await instances.read(id), clock());
    return summary ? [summary] : [];
  };

  const summariesOf = async (ids: readonly string[]): Promise<readonly SagaSummary[]> =>
    (await Promise.all(ids.map(summaryOf))).flat();

  return {
    /** Those that are parked now: the list may be a moment behind. */
    parked: async (): Promise<readonly SagaSummary[]> =>
      (await summariesOf(await idsOf("parked"))).filter(({ status }) => status === "parked"),
    stuck: async (): Promise<Stuck> => {
      const underWay = [...(await idsOf("open")), ...(await idsOf("compensating"))];
      const waiting = [...underWay, ...(await idsOf("parked"))];
      const summaries = await summariesOf(underWay);
      return {
        sagas: summaries.filter(({ stuck }) => stuck),
        removed: waiting.filter(isRemoved).map(sagaOf),
      };
    },
  };
};
