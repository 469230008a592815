/**
 * Rejects if `run` takes longer than `milliseconds`. The work itself cannot be cancelled, but its signal is
 * aborted, so `run` can check whether it is late.
 */
import type { Sleep } from "../../ports/clock.ts";

export const inTime = async <Result>(
  milliseconds: number,
  sleep: Sleep,
  run: (late: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const late = new AbortController();
  const ended = new AbortController();
  const alarm = async (): Promise<never> => {
    await sleep(milliseconds, ended.signal);
    late.abort();
    throw new Error(`not finished within ${milliseconds / 1000} seconds`);
  };
  try {
    return await Promise.race([run(late.signal), alarm()]);
  } finally {
    ended.abort();
  }
};
