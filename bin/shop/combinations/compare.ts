/**
 * Makes one row of the runs of a combination. Speeds are medians. An engine is compared with the first engine run by run,
 * because neighbouring runs share the load of the machine.
 */
import type { Speed } from "../../../lib/shop/costs/speeds.ts";
import type { Run } from "./run.ts";

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
};

/** The rows of the summary of a replay. */
const rows = {
  ordersPerSecond: "orders per second",
  p50: "p50 from POST to end, ms",
  p95: "p95 from POST to end, ms",
} as const;

const valueIn = ({ figures }: Run, name: string): number => Number(figures.rows.get(name) ?? Number.NaN);

const medianOf = (runs: readonly Run[], name: string, digits: number): number =>
  Number(median(runs.map((run) => valueIn(run, name))).toFixed(digits));

/** The median of the ratios of each run to the run of the first engine in the same round. */
const ratioOf = (runs: readonly Run[], first: readonly Run[], name: string): number => {
  const ratios = runs.map((run, round) => {
    const other = first[round];
    return other ? valueIn(run, name) / valueIn(other, name) : Number.NaN;
  });
  return Number(median(ratios).toFixed(2));
};

const isSame = (one: Run, other: Run): boolean =>
  one.bus === other.bus && one.saga === other.saga && one.concurrency === other.concurrency;

/** The speed of `run` and of the runs of the same combination in other rounds. */
const speedOf = (run: Run, played: readonly Run[]): Speed => {
  const runs = played.filter((other) => isSame(run, other));
  const beside = played.filter(({ bus, concurrency }) => bus === run.bus && concurrency === run.concurrency);
  const first = beside.filter(({ saga }) => saga === beside[0]?.saga);
  return {
    bus: run.bus,
    engine: run.saga,
    atOnce: run.concurrency,
    orders: valueIn(run, "orders"),
    runs: runs.length,
    ordersPerSecond: medianOf(runs, rows.ordersPerSecond, 1),
    p50Milliseconds: medianOf(runs, rows.p50, 0),
    p95Milliseconds: medianOf(runs, rows.p95, 0),
    ordersPerSecondRatio: ratioOf(runs, first, rows.ordersPerSecond),
    p50Ratio: ratioOf(runs, first, rows.p50),
  };
};

export type Combined = {
  /** The run of the first round, with the result for the business. */
  readonly run: Run;
  readonly balances: boolean;
  readonly speed: Speed;
};

/** One row for each combination. `played` has the runs in the order of their rounds. */
export const combined = (played: readonly Run[]): readonly Combined[] =>
  played
    .filter((run, index) => played.findIndex((other) => isSame(run, other)) === index)
    .map((run) => ({
      run,
      balances: played.every((other) => !isSame(run, other) || other.figures.balances),
      speed: speedOf(run, played),
    }));
