/** Lists of rows by index, one page per request. */
import type * as z from "zod";
import { pageLimits } from "../../../model/http/limits.ts";
import type { ListRoute } from "../../../model/http/route.ts";
import { wording } from "../../../model/json/wording.ts";
import type { Index, Row } from "../../../model/projection.ts";
import type { ReadModels } from "../../../ports/read-models.ts";
import type { ownRowsOf } from "../ownership.ts";
import type { Fault, Problem } from "../problem.ts";

/** The maximum number of pages that one answer reads if filters drop most rows. `next` continues the list. */
export const pagesMax = 10;

type Query = Readonly<Record<string, string>>;

type Usable = { readonly name: string } & Index;

const usableOf = ({ list, indexes }: ListRoute): readonly Usable[] =>
  indexes.map((name) => ({ name, ...list.indexes?.[name] }));

const fault = (parameter: string, detail: string): Fault => ({ path: [parameter], detail });

export const limitOf = ({ limit = `${pageLimits.usual}` }: Query): number | undefined =>
  /^[1-9]\d{0,2}$/.test(limit) && Number(limit) <= pageLimits.most ? Number(limit) : undefined;

/** Checks that the value is one that the field of a row can have. */
const faultsOfValue = ({ list }: ListRoute, field: string, value: string): readonly Fault[] => {
  if (value === "" || !value.isWellFormed()) return [fault(field, "must be a string that is not empty")];
  // Gateways join the values of a repeated parameter with a comma.
  if (value.includes(",")) return [fault(field, "must be given once, without a comma")];
  const schema: z.ZodType | undefined = list.row.shape[field];
  return (schema?.safeParse(value, wording).error?.issues ?? []).map(({ message }) => fault(field, message));
};

const faultsOf = (route: ListRoute, query: Query, fields: readonly string[]): readonly Fault[] => {
  const known = [...new Set([...fields, "limit", "next"])];
  return [
    ...Object.keys(query)
      .filter((name) => !known.includes(name))
      .map((name) => fault(name, `unknown parameter, must be one of ${known.join(", ")}`)),
    ...(limitOf(query) ? [] : [fault("limit", `must be a number from 1 to ${pageLimits.most}`)]),
    ...fields.flatMap((field) =>
      query[field] === undefined ? [] : faultsOfValue(route, field, query[field]),
    ),
  ];
};

/** The rows that the caller may see, if these are not all. */
type OwnRows = ReturnType<typeof ownRowsOf>;

type Listed = { readonly items: readonly Row[]; readonly next?: string };

/** The field of the index to read: the owner's, or else the first one that the query has. */
const leadingField = (fields: readonly string[], query: Query, own: OwnRows): string | undefined =>
  own?.field ?? fields.find((each) => query[each] !== undefined);

/** Whether a row with this owner could exist. */
const canOwn = ({ list }: ListRoute, { field, subject }: NonNullable<OwnRows>): boolean =>
  subject !== undefined && (list.row.shape[field]?.safeParse(subject).success ?? false);

/**
 * Reads the first index whose field is given and filters by the other given fields. If no field is given, it reads
 * the index of all rows. A caller who may see only own rows gets those of the index by owner.
 */
export const listOf = async (
  readModels: ReadModels,
  route: ListRoute,
  { query, own }: { readonly query: Query; readonly own: OwnRows },
): Promise<Listed | Problem> => {
  const usable = usableOf(route);
  const fields = [...new Set(usable.flatMap(({ by }) => by ?? []))];
  const faults = faultsOf(route, query, fields);
  const limit = limitOf(query);
  if (faults.length > 0 || limit === undefined) return { kind: "schema", errors: faults };
  const given = fields.filter((field) => query[field] !== undefined);
  const leading = leadingField(fields, query, own);
  const index = usable.find(({ by }) => by === leading);
  if (!index)
    return {
      kind: "schema",
      errors: [
        { path: [], detail: `add ${fields.map((field) => `?${field}=…`).join(" or ")} to the address` },
      ],
    };
  if (own && !canOwn(route, own)) return { items: [] };
  const value = own ? own.subject : leading && query[leading];
  const items: Row[] = [];
  let from = query.next;
  for (let pages = 0; pages < pagesMax && items.length < limit; pages += 1) {
    const request = { index: index.name, limit: limit - items.length };
    const page = await readModels.list(route.list.name, {
      ...request,
      ...(value !== undefined && { value }),
      ...(from !== undefined && { from }),
    });
    if (page === "invalid")
      return {
        kind: "schema",
        errors: [fault("next", "must be the value of next in an earlier page of this list")],
      };
    items.push(...page.rows.filter((row) => given.every((field) => row[field] === query[field])));
    from = page.next;
    if (from === undefined) break;
  }
  return from === undefined ? { items } : { items, next: from };
};
