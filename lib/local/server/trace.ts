/** The newest log records of functions. All records that one request caused can be read together. */
import type { Report } from "../service/service.ts";

type TraceEntry = Readonly<Record<string, unknown>>;

export type Trace = {
  readonly add: (report: Report) => void;
  /**
   * The records whose field `correlation_id` has this value, in the order of their times. The command or event that a
   * record names as its `causationId` comes before it, even if lines of different functions arrive in another order.
   */
  readonly of: (correlationId: string) => readonly TraceEntry[];
};

const causesFirst = (records: readonly Report[]): readonly Report[] => {
  const byId = new Map<unknown, Report[]>();
  for (const record of records)
    for (const id of [record.fields?.commandId, record.fields?.eventId])
      if (id !== undefined) byId.set(id, [...(byId.get(id) ?? []), record]);
  const visited = new Set<Report>();
  const placed: Report[] = [];
  const place = (record: Report): void => {
    if (visited.has(record)) return;
    visited.add(record);
    for (const cause of byId.get(record.fields?.causationId) ?? []) place(cause);
    placed.push(record);
  };
  for (const record of records) place(record);
  return placed;
};

export const recordsMax = 50_000;

/** Keeps the newest records only. */
export const trace = (): Trace => {
  const records: Report[] = [];
  let oldest = 0;

  return {
    add: (report) => {
      if (report.fields?.correlation_id === undefined) return;
      if (records.length < recordsMax) records.push(report);
      else {
        records[oldest] = report;
        oldest = (oldest + 1) % recordsMax;
      }
    },
    of: (correlationId) =>
      causesFirst(
        records
          .filter(({ fields }) => fields?.correlation_id === correlationId)
          .sort((one, other) => one.at - other.at),
      ).map(({ at, source, fields }) => ({ at: new Date(at).toISOString(), source, ...fields })),
  };
};
