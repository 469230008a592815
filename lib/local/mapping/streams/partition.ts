/**
 * One partition of a shard. A mapping may read several partitions of a shard concurrently. A partition gives its
 * records to the function in order, one batch at a time. A batch that fails is retried or split, as the mapping's
 * properties say, and later records of the partition wait meanwhile.
 */
import { weighed } from "../batch-limit.ts";
import {
  type Batch,
  type BatchPorts,
  type BatchSettings,
  batchAttempts,
  type Entry,
  machineTime,
} from "./batch.ts";
import type { StreamRecord } from "./stream-record.ts";

export type PartitionSettings = BatchSettings & { readonly windowSeconds: number };

type Partition = { readonly add: (record: StreamRecord) => void; readonly stop: () => void };

export const partition = (settings: PartitionSettings, ports: BatchPorts): Partition => {
  const { clock } = ports;
  const attempt = batchAttempts(settings, ports);
  const waiting: Entry[] = [];
  let isBusy = false;
  let isStopped = false;
  let onAdd = () => {};

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

  const run = async () => {
    if (isBusy) return;
    isBusy = true;
    let batches: readonly Batch[] = [];
    while (!isStopped && (batches.length > 0 || waiting.length > 0)) {
      if (batches.length === 0) await fillWindow();
      const [batch = takeBatch(), ...later] = batches;
      batches = [...(await attempt(batch)), ...later];
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
