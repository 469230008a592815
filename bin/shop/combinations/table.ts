/** Compares the results of runs, and prints them side by side. */
import { type Combined, combined } from "./compare.ts";
import type { Figures, Run } from "./run.ts";

/** Rows that must be equal on every machine. With concurrent orders, it is random which order gets the last item. */
const business = (name: string): boolean =>
  /^(orders|confirmed|cancelled: .*|parked|refused|not ended|revenue, minor units|units available)$/.test(
    name,
  );

const cancelledIn = ({ rows }: Figures): number =>
  [...rows].reduce((sum, [name, value]) => sum + (name.startsWith("cancelled: ") ? Number(value) : 0), 0);

const cellsOf = ({ run: { figures }, speed, balances }: Combined): readonly (string | number)[] => [
  speed.bus,
  speed.engine,
  speed.atOnce,
  speed.runs,
  figures.rows.get("confirmed") ?? "?",
  cancelledIn(figures),
  figures.rows.get("revenue, minor units") ?? "?",
  figures.rows.get("units available") ?? "?",
  speed.ordersPerSecond,
  speed.ordersPerSecondRatio,
  speed.p50Milliseconds,
  speed.p50Ratio,
  speed.p95Milliseconds,
  balances ? "balance" : "do not balance",
];

/** A ratio compares an engine with the first engine. */
const heads = [
  "bus",
  "sagas",
  "at once",
  "runs",
  "confirmed",
  "cancelled",
  "revenue",
  "available",
  "orders/s",
  "ratio",
  "p50 ms",
  "ratio",
  "p95 ms",
  "books",
];

export const tableOf = (played: readonly Run[]): string => {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const rows = combined(played).map((each) => line(cellsOf(each)));
  return [line(heads), line(heads.map(() => "---")), ...rows].join("\n");
};

const outcomeOf = ({ figures }: Run): string =>
  [...figures.rows]
    .filter(([name]) => business(name))
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted()
    .join(", ");

/** A line for each run with one order at a time whose result differs from the first such run. */
export const disagreements = (played: readonly Run[]): readonly string[] => {
  const alone = played.filter(({ concurrency }) => concurrency === 1);
  const [first] = alone;
  if (!first) return [];
  const expected = outcomeOf(first);
  return alone
    .filter((run) => outcomeOf(run) !== expected)
    .map((run) => `${run.bus} × ${run.saga}: ${outcomeOf(run)}; ${first.bus} × ${first.saga}: ${expected}`);
};
