/** The summary of a run as a table of text. */
import type { StockLevel } from "./instance.ts";
import type { Placed } from "./orders.ts";

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const reasonsOf = (cancelled: readonly Placed[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const { order } of cancelled) {
    const reason = order?.reason ?? "unknown";
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one);
};

export const summarize = (
  placed: readonly Placed[],
  seconds: number,
  stock: ReadonlyMap<string, StockLevel>,
): string => {
  const confirmed = placed.filter(({ order }) => order?.status === "confirmed");
  const cancelled = placed.filter(({ order }) => order?.status === "cancelled");
  const times = placed.map(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other);
  const rows: readonly (readonly [string, string | number])[] = [
    ["orders", placed.length],
    ["confirmed", confirmed.length],
    ["approved by an operator", placed.filter(({ approved }) => approved).length],
    ...reasonsOf(cancelled).map(([reason, count]) => [`cancelled: ${reason}`, count] as const),
    ["parked", placed.filter(({ end }) => end === "parked").length],
    ["refused", placed.filter(({ refused }) => refused).length],
    ["not ended", placed.filter(({ refused, end }) => !refused && !end).length],
    ["revenue, minor units", confirmed.reduce((sum, { order }) => sum + (order?.total ?? 0), 0)],
    ["units available", [...stock.values()].reduce((sum, { available }) => sum + available, 0)],
    ["seconds", seconds.toFixed(1)],
    ["orders per second", (placed.length / seconds).toFixed(1)],
    ["p50 from POST to end, ms", quantile(times, 0.5).toFixed(0)],
    ["p95 from POST to end, ms", quantile(times, 0.95).toFixed(0)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return `\n${rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n")}\n\n`;
};
