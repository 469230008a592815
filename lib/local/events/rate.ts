/** The schedule expressions of rules that run here, such as `rate(5 minutes)`. */
const unitMilliseconds: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** As on AWS, the unit of 1 must be singular. Throws if the expression is not a rate. */
export const rateMilliseconds = (expression: string): number => {
  const [, number = "", unit = "", plural = ""] =
    /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const milliseconds = unitMilliseconds[unit];
  if (milliseconds === undefined || (number === "1") !== (plural === ""))
    throw new Error(
      `${expression} does not run here: expected a rate such as rate(1 minute) or rate(5 minutes)`,
    );
  return Number(number) * milliseconds;
};
