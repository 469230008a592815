/** Lists of rows by their indexes, a page at a time. */
import type { ListRoute } from "../model/application.ts";
import type { Index, Row } from "../model/projection.ts";
import type { ReadModels } from "../ports/read-models.ts";
import type { Problem } from "./problem.ts";

const limits = { usual: 20, most: 100 };

/** So many pages are read for one answer when filters leave little of each; the rest comes with `next`. */
const pagesMax = 10;

type Query = Readonly<Record<string, string>>;

type Usable = { readonly name: string } & Index;

const usableOf = ({ list, indexes }: ListRoute): readonly Usable[] =>
  indexes.map((name) => ({ name, ...list.indexes?.[name] }));

const wrong = (parameter: string, detail: string): Problem => ({
  kind: "schema",
  errors: [{ pointer: `/${parameter}`, detail }],
});

const limitOf = ({ limit }: Query): number | Problem => {
  if (limit === undefined) return limits.usual;
  const number = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  return number >= 1 && number <= limits.most ? number : wrong("limit", `1 to ${limits.most}`);
};

const faultOf = (query: Query, usable: readonly Usable[]): Problem | undefined => {
  const fields = usable.flatMap(({ by }) => by ?? []);
  const known = new Set([...fields, "limit", "next"]);
  const unknown = Object.keys(query).find((name) => !known.has(name));
  if (unknown !== undefined) return wrong(unknown, `unknown, there are ${[...known].join(", ")}`);
  const bad = fields.find((field) => query[field] === "" || query[field]?.isWellFormed() === false);
  return bad === undefined ? undefined : wrong(bad, "a value is missing");
};

/** The first index whose field is given is read, further fields filter; without any, the index of all rows. */
export const listOf = async (
  readModels: ReadModels,
  route: ListRoute,
  query: Query,
): Promise<{ readonly items: readonly Row[]; readonly next?: string } | Problem> => {
  const usable = usableOf(route);
  const limit = limitOf(query);
  const fault = faultOf(query, usable);
  if (typeof limit === "object") return limit;
  if (fault) return fault;
  const fields = usable.flatMap(({ by }) => (by !== undefined && Object.hasOwn(query, by) ? [by] : []));
  const index = usable.find(({ by }) => (fields.length > 0 ? by === fields[0] : by === undefined));
  if (!index) return wrong("", `give one of ${usable.flatMap(({ by }) => by ?? []).join(", ")}`);
  const items: Row[] = [];
  let from = query.next;
  for (let pages = 0; pages < pagesMax && items.length < limit; pages += 1) {
    const value = index.by === undefined ? undefined : query[index.by];
    const request = { index: index.name, limit: limit - items.length };
    const page = await readModels.list(route.list.name, {
      ...request,
      ...(value !== undefined && { value }),
      ...(from !== undefined && { from }),
    });
    if (page === "invalid") return wrong("next", "it does not come from this list");
    items.push(...page.rows.filter((row) => fields.every((field) => row[field] === query[field])));
    from = page.next;
    if (from === undefined) break;
  }
  return from === undefined ? { items } : { items, next: from };
};
