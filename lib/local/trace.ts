/** What functions logged, so that everything that one request caused can be read: the newest records only. */
import type { Report } from "./service.ts";

export type TraceEntry = Readonly<Record<string, unknown>>;

export type Trace = {
  readonly add: (report: Report) => void;
  /** The records with this `correlationId`, in the order of their time. */
  readonly of: (correlationId: string) => readonly TraceEntry[];
};

export const trace = (recordsMax = 50_000): Trace => {
  const records: Report[] = [];
  let oldest = 0;

  return {
    add: (report) => {
      if (report.fields?.correlationId === undefined) return;
      if (records.length < recordsMax) records.push(report);
      else {
        records[oldest] = report;
        oldest = (oldest + 1) % recordsMax;
      }
    },
    of: (correlationId) =>
      records
        .filter(({ fields }) => fields?.correlationId === correlationId)
        .sort((one, other) => one.at - other.at)
        .map(({ at, source, fields }) => ({ at: new Date(at).toISOString(), source, ...fields })),
  };
};
