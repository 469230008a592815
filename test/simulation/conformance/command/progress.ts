/** Reports how far long work is. */

const count = (number: number): string => Math.round(number).toLocaleString("en");

type Clock = { readonly milliseconds: () => number };

/** Returns a function to call after each scenario. It reports at most once in this number of seconds. */
export const progress = (
  total: number,
  {
    milliseconds,
    every,
    report,
  }: Clock & { readonly every: number; readonly report: (line: string) => void },
): (() => void) => {
  const startedAt = milliseconds();
  let reportedAt = startedAt;
  let done = 0;
  return () => {
    done += 1;
    const now = milliseconds();
    if (now - reportedAt < every * 1000) return;
    reportedAt = now;
    const perMinute = done / ((now - startedAt) / 60_000);
    report(`${count(done)} of ${count(total)} scenarios, ${count(perMinute)} per minute`);
  };
};
