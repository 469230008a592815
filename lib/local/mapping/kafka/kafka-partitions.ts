/**
 * Processes the messages that a consumer reads. Each partition is given to the function in order, one batch at a time,
 * independent of the other partitions. A batch that fails is given again, unchanged, after increasing waits. It is
 * committed when the function has done it.
 */
import type { EachBatchPayload } from "kafkajs";
import type { Clock } from "../../machine/clock.ts";
import { backoffMilliseconds } from "../../machine/random.ts";
import { type BatchLimit, type Weighed, weighed } from "../batch-limit.ts";
import type { Cancellation } from "../cancellation.ts";
import type { Deliver } from "../delivery.ts";
import { isDoneWithin } from "../is-done-within.ts";
import { type KafkaRecord, kafkaRecord } from "./kafka-record.ts";

export type PartitionSettings = {
  readonly clock: Clock;
  readonly limit: BatchLimit<KafkaRecord>;
  readonly windowMilliseconds: number;
  readonly deliver: Deliver<KafkaRecord>;
};

/** After the cancellation, no batch begins. After the consumer has left its group, no batch is committed. */
type Progress = { readonly cancellation: Cancellation; readonly hasLeft: () => boolean };

type Partitions = {
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
  /** Resolves when the running batches are done. */
  readonly settled: () => Promise<unknown>;
};

const firstRetryMilliseconds = 200;
const retryMillisecondsMax = 60_000;
/** Work that takes longer than this pauses its partition, so that the consumer does not wait for it. */
const patienceMilliseconds = 100;
/** How often a partition is read again within a window. */
const gatherMilliseconds = 200;

const recordsOf = ({ batch: { topic, partition, messages } }: EachBatchPayload) =>
  messages.map((message) => weighed(kafkaRecord(topic, partition, message)));

export const partitions = (settings: PartitionSettings, { cancellation, hasLeft }: Progress): Partitions => {
  const { clock, limit, windowMilliseconds, deliver } = settings;
  const works = new Set<Promise<void>>();
  /** The open windows by partition: the offset of the first record of the batch, and when the window ends. */
  const windows = new Map<number, { readonly offset: number; readonly ends: number }>();

  /** Waits a moment if the window is still open. Returns whether it was open. */
  const waitsForMore = async ({ partition, offset }: KafkaRecord): Promise<boolean> => {
    const known = windows.get(partition);
    const ends = known?.offset === offset ? known.ends : clock.now() + windowMilliseconds;
    windows.set(partition, { offset, ends });
    if (clock.now() >= ends) return false;
    await cancellation.until(Math.min(ends, clock.now() + gatherMilliseconds));
    return true;
  };

  const deliverUntilDone = async (batch: readonly KafkaRecord[]): Promise<boolean> => {
    for (let failures = 0; !cancellation.isCancelled(); failures++) {
      if (await deliver(batch)) return true;
      const wait = backoffMilliseconds(failures, firstRetryMilliseconds, retryMillisecondsMax);
      await cancellation.until(clock.now() + wait);
    }
    return false;
  };

  /** Records that are not processed are read again, together with newer ones. */
  const work = async (payload: EachBatchPayload) => {
    const { resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets } = payload;
    let waiting: readonly Weighed<KafkaRecord>[] = recordsOf(payload);
    for (let first = waiting[0]; first && !cancellation.isCancelled(); first = waiting[0]) {
      if (!limit.isFull(waiting) && (await waitsForMore(first.record))) return;
      const batch = waiting.slice(0, limit.countOf(waiting)).map(({ record }) => record);
      if (!(await deliverUntilDone(batch)) || hasLeft()) return;
      waiting = waiting.slice(batch.length);
      resolveOffset(String(batch.at(-1)?.offset));
      await commitOffsetsIfNecessary(uncommittedOffsets());
    }
  };

  const begin = (payload: EachBatchPayload): Promise<void> => {
    // If a broker does not accept this commit, it gets the next one. If the broker is gone, the next read fails.
    const begun = work(payload)
      .catch(() => {})
      .finally(() => works.delete(begun));
    works.add(begun);
    return begun;
  };

  return {
    eachBatch: async (payload) => {
      if (cancellation.isCancelled()) {
        payload.pause();
        return;
      }
      const begun = begin(payload);
      if (!(await isDoneWithin(patienceMilliseconds, begun))) void begun.then(payload.pause());
    },
    settled: () => Promise.all(works),
  };
};
