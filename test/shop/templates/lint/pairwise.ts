/**
 * A few rows that together have each pair of values of two factors. Most faults need two values at most.
 *
 * The two largest factors need a row for each of their pairs. Each further factor is a column: the values that it takes in
 * these rows. All columns are tried, and the one that misses fewest pairs is taken. Nine rows are enough for four factors
 * of three values, and then for many factors of two.
 */

/** The values of each factor. */
export type Factors = Readonly<Record<string, readonly string[]>>;

/** One value for each factor. */
export type Row = Readonly<Record<string, string>>;

type Factor = readonly [name: string, values: readonly string[]];

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

/** The value in each row, for column `number` of all possible columns. */
const columnOf = (values: readonly string[], rows: number, number: number): readonly string[] =>
  range(rows).map((row) => values[Math.floor(number / values.length ** row) % values.length] ?? "");

const extended = (rows: readonly Row[], name: string, column: readonly string[]): readonly Row[] =>
  rows.map((row, index) => ({ ...row, [name]: column[index] ?? "" }));

/** The pairs of the factor's values with values of earlier factors that no row has. */
const missingPairs = ([name, values]: Factor, earlier: readonly Factor[], rows: readonly Row[]) =>
  earlier.flatMap(([other, others]) => {
    const present = new Set(rows.map((row) => JSON.stringify([row[name], row[other]])));
    return values.flatMap((value) =>
      others
        .filter((each) => !present.has(JSON.stringify([value, each])))
        .map((each): Row => ({ [name]: value, [other]: each })),
    );
  });

/** The rows with the column of the factor, and a row more for each pair that is still missing. */
const withFactor = (rows: readonly Row[], factor: Factor, earlier: readonly Factor[]): readonly Row[] => {
  const [name, values] = factor;
  let best: { readonly rows: readonly Row[]; readonly missing: readonly Row[] } | undefined;
  for (const number of range(values.length ** rows.length)) {
    const tried = extended(rows, name, columnOf(values, rows.length, number));
    const missing = missingPairs(factor, earlier, tried);
    if (!best || missing.length < best.missing.length) best = { rows: tried, missing };
    if (missing.length === 0) break;
  }
  const usual = Object.fromEntries([...earlier, factor].map(([each, [first = ""]]) => [each, first]));
  return [...(best?.rows ?? []), ...(best?.missing ?? []).map((pair) => ({ ...usual, ...pair }))];
};

/** The same rows for the same factors. */
export const pairwise = (factors: Factors): readonly Row[] => {
  const sorted = Object.entries(factors).toSorted(([, one], [, other]) => other.length - one.length);
  return sorted.reduce<readonly Row[]>(
    (rows, factor, index) => withFactor(rows, factor, sorted.slice(0, index)),
    [{}],
  );
};
