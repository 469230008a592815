/** The contexts whose templates are checked: together they have each pair of values of two factors. */
import { type Context, factors } from "./factors.ts";
import { pairwise } from "./pairwise.ts";

const rows = pairwise(
  Object.fromEntries(Object.entries(factors).map(([name, values]) => [name, Object.keys(values)])),
);

/** The row's context for one factor. The contexts of a value take turns, by the rows that have it. */
const contextFor = (factor: string, index: number): Context => {
  const value = rows[index]?.[factor] ?? "";
  const before = rows.slice(0, index).filter((row) => row[factor] === value).length;
  const contexts = factors[factor]?.[value] ?? [];
  return contexts[before % contexts.length] ?? {};
};

export const selection: readonly Context[] = rows.map((row, index) =>
  Object.assign({}, ...Object.keys(row).map((factor) => contextFor(factor, index))),
);
