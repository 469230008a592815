/**
 * One of the parallel lanes of a shard: gives its records to the function in batches, in order, one batch
 * at a time. A batch that fails is tried again or split, as the mapping says, and holds the lane meanwhile.
 */
import type { Clock } from "../../machine/clock.ts";
import { backoffMilliseconds } from "../../machine/random.ts";
import type { Invocation } from "../../service/service.ts";
import { type BatchLimit, type Weighed, weighed } from "../batch-limit.ts";
import { type Outcome, outcomeOf } from "../outcome.ts";
import type { Discard } from "./discard.ts";
import type { StreamRecord } from "./stream-record.ts";

export type LaneSettings = {
  readonly limit: BatchLimit<StreamRecord>;
  readonly windowSeconds: number;
  /** -1 for no limit. */
  readonly retriesMax: number;
  /** -1 for no limit. */
  readonly ageSecondsMax: number;
  readonly bisects: boolean;
  readonly reportsFailures: boolean;
};

export type LaneWork = {
  readonly clock: Clock;
  readonly invoke: (records: readonly StreamRecord[]) => Promise<Invocation>;
  readonly discard: (discard: Discard) => Promise<void>;
  readonly done: (records: readonly StreamRecord[]) => void;
};

export type Lane = { readonly add: (record: StreamRecord) => void; readonly stop: () => void };

type Entry = Weighed<StreamRecord> & { readonly readAt: number };
type Batch = { readonly entries: readonly Entry[]; readonly failures: number };

const firstRetryMilliseconds = 200;
const retryMillisecondsMax = 60_000;

/** The machine's time: see `isTooOld`. */
const machineTime = (clock: Clock) => clock.now() - clock.ahead();

const recordsOf = (entries: readonly Entry[]) => entries.map(({ record }) => record);
const sequenceNumberOf = ({ record }: Entry) => record.dynamodb.SequenceNumber;

export const lane = (settings: LaneSettings, work: LaneWork): Lane => {
  const { clock } = work;
  const waiting: Entry[] = [];
  /** Batches under way, the next one last. */
  const batches: Batch[] = [];
  let isBusy = false;
  let isStopped = false;
  let onAdd = () => {};

  const until = (time: number) => new Promise<void>((resolve) => void clock.at(time, resolve));

  const takeBatch = (): Batch => ({
    entries: waiting.splice(0, settings.limit.countOf(waiting)),
    failures: 0,
  });

  /** Waits for more records until a batch is full or the window has passed. */
  const fillWindow = () =>
    new Promise<void>((resolve) => {
      const isFull = () => settings.limit.isFull(waiting);
      if (settings.windowSeconds === 0 || isFull()) return resolve();
      const end = () => {
        timer.cancel();
        onAdd = () => {};
        resolve();
      };
      const timer = clock.at(clock.now() + settings.windowSeconds * 1000, end);
      onAdd = () => void (isFull() && end());
    });

  /**
   * Age counts the machine's time since the record was read here: neither a jump of the clock nor a night
   * in which the local cloud was stopped makes a record old. AWS never stops, so there a record ages only
   * while it is being tried; a test that jumps a month must not lose what is still to be projected.
   */
  const isTooOld = ({ readAt }: Entry) =>
    settings.ageSecondsMax >= 0 && machineTime(clock) - readAt > settings.ageSecondsMax * 1000;

  const discardOld = async (batch: Batch): Promise<Batch> => {
    const old = batch.entries.filter(isTooOld);
    if (old.length === 0) return batch;
    const records = recordsOf(old);
    await work.discard({ condition: "RecordAgeExceeded", records, invocations: Math.max(1, batch.failures) });
    work.done(records);
    return { ...batch, entries: batch.entries.filter((entry) => !old.includes(entry)) };
  };

  const retry = async (batch: Batch, failures: number) => {
    batches.push({ ...batch, failures });
    await until(
      clock.now() + backoffMilliseconds(failures - 1, firstRetryMilliseconds, retryMillisecondsMax),
    );
  };

  const fail = async (batch: Batch, invocation: Invocation, functionError: "Unhandled" | null) => {
    const { entries } = batch;
    if (settings.bisects && entries.length > 1) {
      const middle = Math.ceil(entries.length / 2);
      batches.push(
        { ...batch, entries: entries.slice(middle) },
        { ...batch, entries: entries.slice(0, middle) },
      );
      return;
    }
    const failures = batch.failures + 1;
    if (settings.retriesMax < 0 || failures <= settings.retriesMax) return retry(batch, failures);
    const records = recordsOf(entries);
    await work.discard({
      condition: "RetryAttemptsExhausted",
      records,
      invocations: failures,
      requestId: invocation.requestId,
      functionError,
    });
    work.done(records);
  };

  /** From the lowest record that failed on, all is a new batch with its own retries. */
  const resumeAt = async ({ entries }: Batch, first: number) => {
    work.done(recordsOf(entries.slice(0, first)));
    batches.push({ entries: entries.slice(first), failures: 0 });
  };

  const settle = async (batch: Batch, invocation: Invocation, outcome: Outcome) => {
    if (outcome.kind === "done") return work.done(recordsOf(batch.entries));
    if (outcome.kind === "failed") return fail(batch, invocation, outcome.functionError);
    const first = batch.entries.findIndex((entry) => outcome.failed.has(sequenceNumberOf(entry)));
    return first > 0 ? resumeAt(batch, first) : fail(batch, invocation, null);
  };

  const attempt = async (given: Batch) => {
    const batch = await discardOld(given);
    if (batch.entries.length === 0) return;
    const invocation = await work.invoke(recordsOf(batch.entries));
    const ids = batch.entries.map(sequenceNumberOf);
    await settle(batch, invocation, outcomeOf(invocation, settings.reportsFailures, ids));
  };

  const run = async () => {
    if (isBusy) return;
    isBusy = true;
    while (!isStopped && (batches.length > 0 || waiting.length > 0)) {
      if (batches.length === 0) await fillWindow();
      await attempt(batches.pop() ?? takeBatch());
    }
    isBusy = false;
  };

  return {
    add: (record) => {
      waiting.push({ ...weighed(record), readAt: machineTime(clock) });
      onAdd();
      if (!isBusy) void Promise.resolve().then(run);
    },
    stop: () => {
      isStopped = true;
    },
  };
};
