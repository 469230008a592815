/**
 * For one release: a saga without waits runs on Express, then the code that has a choreography in its place is deployed, and
 * perhaps the earlier code again. Executions of the former machine go on in each case.
 */
import { stepsThatWait } from "../../lib/model/saga.ts";
import { executionName } from "../../lib/runtime/sagas/execution-name.ts";
import { engineOf } from "./compiled-engine.ts";
import type { MakeEngine } from "./engines.ts";

/** How many milliseconds after the start of the first execution the code is deployed, and the earlier code after it. */
export type Deployments = { readonly at: number; readonly back?: number };

/** The earlier code starts another execution of a stuck instance. */
export const formerExpress =
  ({ at, back = Number.POSITIVE_INFINITY }: Deployments): MakeEngine =>
  (ground) => {
    const former = ground.sagas.filter((saga) => stepsThatWait(saga).length === 0);
    const engine = engineOf(ground, (saga) => (former.includes(saga) ? "EXPRESS" : "STANDARD"));
    const isFormer = (saga: string) => former.some(({ name }) => name === saga);
    let begun = Number.POSITIVE_INFINITY;
    const elapsed = () => ground.time.now() - begun;
    const isChoreographed = (saga: string) => isFormer(saga) && elapsed() >= at && elapsed() < back;
    return {
      ...engine,
      start: (saga, ...execution) => {
        if (isFormer(saga)) begun = Math.min(begun, ground.time.now());
        return engine.start(saga, ...execution);
      },
      former: {
        isChoreographed,
        continueSaga: (continues) => async (saga, sagaId) => {
          if (isChoreographed(saga)) await continues(saga, sagaId);
          else if (isFormer(saga)) await engine.start(saga, executionName(sagaId, 0), sagaId);
        },
      },
    };
  };
