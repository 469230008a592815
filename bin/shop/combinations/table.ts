/** Compares the results of runs, and prints them side by side. */
import type { Combination, Figures } from "./run.ts";

export type Row = Combination & { readonly figures: Figures };

/** Rows that must be equal on every machine. With concurrent orders, it is random which order gets the last item. */
const business = (name: string): boolean =>
  /^(orders|confirmed|cancelled: .*|parked|refused|not ended|revenue, minor units|units available)$/.test(
    name,
  );

const speed: Readonly<Record<string, string>> = {
  "orders per second": "orders/s",
  "p50 from POST to end, ms": "p50 ms",
  "p95 from POST to end, ms": "p95 ms",
};

const cancelledIn = ({ rows }: Figures): number =>
  [...rows].reduce((sum, [name, value]) => sum + (name.startsWith("cancelled: ") ? Number(value) : 0), 0);

const cellsOf = ({ bus, saga, figures }: Row): readonly string[] => [
  bus,
  saga,
  figures.rows.get("confirmed") ?? "?",
  `${cancelledIn(figures)}`,
  figures.rows.get("revenue, minor units") ?? "?",
  figures.rows.get("units available") ?? "?",
  ...Object.keys(speed).map((name) => figures.rows.get(name) ?? "?"),
  figures.balances ? "balance" : "do not balance",
];

const heads = [
  "bus",
  "sagas",
  "confirmed",
  "cancelled",
  "revenue",
  "available",
  ...Object.values(speed),
  "books",
];

export const tableOf = (rows: readonly Row[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map((row) => line(cellsOf(row)))].join("\n");
};

const outcomeOf = ({ figures }: Row): string =>
  [...figures.rows]
    .filter(([name]) => business(name))
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted()
    .join(", ");

/** A line for each row whose result differs from the first row. */
export const disagreements = (rows: readonly Row[]): readonly string[] => {
  const [first] = rows;
  if (!first) return [];
  const expected = outcomeOf(first);
  return rows
    .filter((row) => outcomeOf(row) !== expected)
    .map((row) => `${row.bus} × ${row.saga}: ${outcomeOf(row)}; ${first.bus} × ${first.saga}: ${expected}`);
};
