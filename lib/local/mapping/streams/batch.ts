/** One attempt to process a batch, and the batches to attempt next. */
import type { Clock } from "../../machine/clock.ts";
import { backoffMilliseconds } from "../../machine/random.ts";
import type { Invocation } from "../../service/service.ts";
import type { BatchLimit, Weighed } from "../batch-limit.ts";
import { type Outcome, outcomeOf } from "../outcome.ts";
import type { Discard } from "./on-failure-destination.ts";
import type { StreamRecord } from "./stream-record.ts";

export type BatchSettings = {
  readonly limit: BatchLimit<StreamRecord>;
  /** -1 for no limit. */
  readonly retriesMax: number;
  /** -1 for no limit. */
  readonly ageSecondsMax: number;
  readonly bisects: boolean;
  readonly reportsFailures: boolean;
};

export type BatchPorts = {
  readonly clock: Clock;
  readonly invoke: (records: readonly StreamRecord[]) => Promise<Invocation>;
  readonly discard: (discard: Discard) => Promise<void>;
  readonly done: (records: readonly StreamRecord[]) => void;
};

export type Entry = Weighed<StreamRecord> & { readonly readAt: number };
export type Batch = { readonly entries: readonly Entry[]; readonly failures: number };

const firstRetryMilliseconds = 200;
const retryMillisecondsMax = 60_000;

/**
 * The machine's time, which determines the age of records. A jump of the clock, or a night in which the local cloud was
 * stopped, does not make a record old. AWS never stops, so a record ages there only while it is attempted. A test that
 * jumps a month must not lose records that are not projected yet.
 */
export const machineTime = (clock: Clock): number => clock.now() - clock.ahead();

const recordsOf = (entries: readonly Entry[]) => entries.map(({ record }) => record);
const sequenceNumberOf = ({ record }: Entry) => record.dynamodb.SequenceNumber;

/** Resolves with the batches to attempt next, in order. Empty if the whole batch is done. */
type AttemptBatch = (batch: Batch) => Promise<readonly Batch[]>;

export const batchAttempts = (settings: BatchSettings, ports: BatchPorts): AttemptBatch => {
  const { clock } = ports;

  const isTooOld = ({ readAt }: Entry) =>
    settings.ageSecondsMax >= 0 && machineTime(clock) - readAt > settings.ageSecondsMax * 1000;

  const discard = async (given: Discard) => {
    await ports.discard(given);
    ports.done(given.records);
  };

  const withoutOld = async ({ entries, failures }: Batch): Promise<readonly Entry[]> => {
    const records = recordsOf(entries.filter(isTooOld));
    if (records.length === 0) return entries;
    await discard({ condition: "RecordAgeExceeded", records, invocations: Math.max(1, failures) });
    return entries.filter(({ record }) => !records.includes(record));
  };

  const retry = async (batch: Batch): Promise<readonly Batch[]> => {
    const wait = backoffMilliseconds(batch.failures - 1, firstRetryMilliseconds, retryMillisecondsMax);
    await new Promise<void>((resolve) => void clock.at(clock.now() + wait, resolve));
    return [batch];
  };

  const fail = async (batch: Batch, failure: Pick<Discard, "requestId" | "functionError">) => {
    const { entries } = batch;
    if (settings.bisects && entries.length > 1) {
      const middle = Math.ceil(entries.length / 2);
      return [entries.slice(0, middle), entries.slice(middle)].map((half) => ({ ...batch, entries: half }));
    }
    const failures = batch.failures + 1;
    if (settings.retriesMax < 0 || failures <= settings.retriesMax) return retry({ entries, failures });
    const records = recordsOf(entries);
    await discard({ condition: "RetryAttemptsExhausted", records, invocations: failures, ...failure });
    return [];
  };

  const settle = async (batch: Batch, { requestId }: Invocation, outcome: Outcome) => {
    const { entries } = batch;
    if (outcome.kind === "failed") return fail(batch, { requestId, functionError: outcome.functionError });
    const first =
      outcome.kind === "partial"
        ? entries.findIndex((entry) => outcome.failed.has(sequenceNumberOf(entry)))
        : entries.length;
    if (first <= 0) return fail(batch, { requestId, functionError: null });
    ports.done(recordsOf(entries.slice(0, first)));
    // All records from the first failed one on are a new batch, with its own retries.
    return first < entries.length ? [{ entries: entries.slice(first), failures: 0 }] : [];
  };

  return async (given) => {
    const entries = await withoutOld(given);
    if (entries.length === 0) return [];
    const batch = { ...given, entries };
    const invocation = await ports.invoke(recordsOf(entries));
    const ids = entries.map(sequenceNumberOf);
    return settle(batch, invocation, outcomeOf(invocation, settings.reportsFailures, ids));
  };
};
