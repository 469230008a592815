/**
 * The speed of the local cloud, by bus and engine. It depends on the machine and on its load, so only the ratios say much.
 * A ratio compares an engine with the first engine of the same run.
 */
import { measured } from "./measured.ts";

type Measured = readonly [
  bus: string,
  engine: string,
  atOnce: number,
  orders: number,
  runs: number,
  ordersPerSecond: number,
  p50Milliseconds: number,
  p95Milliseconds: number,
  ordersPerSecondRatio: number,
  p50Ratio: number,
];

/** The medians of several runs. An order takes from its POST to the end of its saga. */
export type Speed = {
  readonly bus: string;
  readonly engine: string;
  /** The number of orders that are under way at the same time. */
  readonly atOnce: number;
  readonly orders: number;
  readonly runs: number;
  readonly ordersPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p95Milliseconds: number;
  readonly ordersPerSecondRatio: number;
  readonly p50Ratio: number;
};

const rows: readonly Measured[] = measured;

export const speeds: readonly Speed[] = rows.map(
  ([bus, engine, atOnce, orders, runs, ordersPerSecond, p50Milliseconds, p95Milliseconds, ...ratios]) => {
    const [ordersPerSecondRatio, p50Ratio] = ratios;
    return {
      bus,
      engine,
      atOnce,
      orders,
      runs,
      ordersPerSecond,
      p50Milliseconds,
      p95Milliseconds,
      ordersPerSecondRatio,
      p50Ratio,
    };
  },
);
