/** Throws where that does not end within so many milliseconds. It goes on all the same: nobody can stop it. */
import type { Sleep } from "../ports/clock.ts";

export const inTime = async <Result>(
  milliseconds: number,
  sleep: Sleep,
  promise: Promise<Result>,
): Promise<Result> => {
  const ended = new AbortController();
  const late = async (): Promise<never> => {
    await sleep(milliseconds, ended.signal);
    throw new Error(`no end within ${milliseconds / 1000} seconds`);
  };
  try {
    return await Promise.race([promise, late()]);
  } finally {
    ended.abort();
  }
};
