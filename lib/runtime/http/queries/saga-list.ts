/** Lists of sagas by status, one page per request. An index finds the instances; their items supply the content. */
import * as z from "zod";
import type { AnyApplication } from "../../../model/application.ts";
import { pageLimits } from "../../../model/http/limits.ts";
import { wording } from "../../../model/json/wording.ts";
import type { Position } from "../../../model/sagas/position.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Instances, ListedStatus } from "../../../ports/instances.ts";
import { type SagaSummary, sagaSummaries } from "../../sagas/saga-report.ts";
import type { Fault, Problem } from "../problem.ts";
import { limitOf, pagesMax } from "./list.ts";

/** For each status, the list that contains its instances. */
const listOf = {
  running: "open",
  waiting: "open",
  compensating: "compensating",
  parked: "parked",
  completed: "completed",
  compensated: "compensated",
} as const satisfies Readonly<Record<Position["status"]["kind"], ListedStatus["kind"]>>;

/** Ordered by what operators look for first. */
const all: readonly ListedStatus["kind"][] = ["parked", "compensating", "open", "compensated", "completed"];

const underWay: readonly ListedStatus["kind"][] = ["compensating", "open"];

const statuses = Object.keys(listOf).join(", ");

const schema = z.strictObject({
  status: z.enum(["running", "waiting", "compensating", "parked", "completed", "compensated"]).optional(),
  stuck: z.literal("true").optional(),
  limit: z.string().optional(),
  next: z.string().optional(),
});

type Query = z.output<typeof schema>;

const details: Readonly<Record<string, string>> = {
  status: `must be one of ${statuses}`,
  stuck: "must be true",
};

const faultsOf = (error: z.ZodError): readonly Fault[] =>
  error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((name) => ({
          path: [name],
          detail: "unknown parameter, must be one of status, stuck, limit, next",
        }))
      : [{ path: issue.path, detail: details[String(issue.path[0])] ?? issue.message }],
  );

const kindsOf = ({ status, stuck }: Query): readonly ListedStatus["kind"][] => {
  const asked = status ? [listOf[status]] : all;
  return stuck ? asked.filter((kind) => underWay.includes(kind)) : asked;
};

/** The position in a list: one of its kinds, after the item that `from` names, or at the beginning. */
type Place = { readonly kind: ListedStatus["kind"]; readonly from?: string };

const toNext = ({ kind, from = "" }: Place): string => `${kind}.${from}`;

const placeOf = (kinds: readonly ListedStatus["kind"][], next: string): Place | undefined => {
  const dot = next.indexOf(".");
  const kind = kinds.find((each) => each === next.slice(0, dot));
  const from = next.slice(dot + 1);
  return kind && { kind, ...(from !== "" && { from }) };
};

const invalidNext: Problem = {
  kind: "schema",
  errors: [{ path: ["next"], detail: "must be the value of next in an earlier page of this list" }],
};

export const sagaList = (
  application: Pick<AnyApplication, "sagas">,
  { instances, clock }: { readonly instances: Instances; readonly clock: Clock },
) => {
  return async (
    given: Readonly<Record<string, string>>,
  ): Promise<{ readonly items: readonly SagaSummary[]; readonly next?: string } | Problem> => {
    const { data: query, error } = schema.safeParse(given, wording);
    const limit = limitOf(given);
    const faults = [
      ...(error ? faultsOf(error) : []),
      ...(limit ? [] : [{ path: ["limit"], detail: `must be a number from 1 to ${pageLimits.most}` }]),
    ];
    if (!query || !limit) return { kind: "schema", errors: faults };
    const now = clock();
    const kinds = kindsOf(query);
    const until = query.stuck && { until: now.toISOString() };
    const fits = ({ status, stuck }: SagaSummary) =>
      (query.status === undefined || status === query.status) && (!query.stuck || stuck);

    const items: SagaSummary[] = [];
    const [first] = kinds;
    let place = query.next === undefined ? first && { kind: first } : placeOf(kinds, query.next);
    if (query.next !== undefined && !place) return invalidNext;
    for (let pages = 0; place && pages < pagesMax && items.length < limit; pages += 1) {
      const { kind, from }: Place = place;
      const page = await instances.list({
        kind,
        limit: limit - items.length,
        ...until,
        ...(from && { from }),
      });
      if (page === "invalid") return invalidNext;
      const found = await sagaSummaries(application, instances, page.ids, now);
      items.push(...found.filter(fits));
      const following: ListedStatus["kind"] | undefined = kinds[kinds.indexOf(kind) + 1];
      place = page.next !== undefined ? { kind, from: page.next } : following && { kind: following };
    }
    return place ? { items, next: toNext(place) } : { items };
  };
};
