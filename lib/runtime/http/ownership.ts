/**
 * Whose things a caller may see and change. A caller who is not the owner gets the answer for a thing that does not
 * exist. Every check happens before the preconditions of the request and before the application decides.
 */
import type { AnyDecider } from "../../model/decider.ts";
import { factIn } from "../../model/http/fact.ts";
import type { CommandRoute, HistoryRoute, ListRoute, QueryRoute } from "../../model/http/route.ts";
import type { Row } from "../../model/projection.ts";
import type { HttpRequest } from "../../ports/http.ts";
import type { Ownership } from "../streams/decision.ts";
import type { Problem } from "./problem.ts";

type Caller = Pick<HttpRequest, "caller" | "isExempt">;

/** The owner of a route that applies to this caller. Undefined if the route has none or the caller is exempt. */
const ownerFor = <Owner extends { readonly exempt: readonly string[] }>(
  owner: Owner | "none",
  { caller, isExempt }: Caller,
): Owner | undefined => {
  if (owner === "none" || isExempt) return undefined;
  return caller?.scopes.some((scope) => owner.exempt.includes(scope)) ? undefined : owner;
};

/** An empty subject is none: two callers who have it could be different people. */
const subjectOf = ({ caller }: Caller): string | undefined => caller?.subject || undefined;

/** A caller without a subject owns nothing, and a thing without an owner belongs to no caller. */
const isSubject = (caller: Caller, owner: unknown): boolean =>
  owner !== undefined && owner === subjectOf(caller);

/** Whether the caller may see this row. */
export const maySee = (route: QueryRoute, caller: Caller, row: Row): boolean => {
  const owner = ownerFor(route.owner, caller);
  return owner === undefined || isSubject(caller, row[owner.field]);
};

/** The rows of a list that the caller may see. Undefined if the caller may see all of them. */
export const ownRowsOf = (
  route: ListRoute,
  caller: Caller,
): { readonly field: string; readonly subject: string | undefined } | undefined => {
  const owner = ownerFor(route.owner, caller);
  return owner && { field: owner.field, subject: subjectOf(caller) };
};

/** Whether the caller may see the history of a stream with this state. */
export const mayAudit = (route: HistoryRoute, caller: Caller, state: () => unknown): boolean => {
  const owner = ownerFor(route.owner, caller);
  return owner === undefined || isSubject(caller, factIn(owner.fact, state()));
};

/** What the caller may change with a command. Undefined if the stream has no owner or the caller is exempt. */
export const ownershipOf = (
  route: CommandRoute,
  { begins = [] }: AnyDecider,
  caller: Caller,
): Ownership | undefined => {
  const owner = ownerFor(route.owner, caller);
  if (!owner) return undefined;
  const { fact } = owner;
  return {
    begins: begins.includes(route.command.type),
    owns: (state) => fact !== undefined && isSubject(caller, factIn(fact, state)),
  };
};

const valueAt = (data: unknown, [name, ...more]: readonly string[]): unknown => {
  if (name === undefined) return data;
  return typeof data === "object" && data !== null ? valueAt(Reflect.get(data, name), more) : undefined;
};

/** The problem with a command that would begin a stream for another owner than the caller. */
export const foreignOwner = (route: CommandRoute, caller: Caller, data: unknown): Problem | undefined => {
  const owner = ownerFor(route.owner, caller);
  if (!owner || !("field" in owner) || isSubject(caller, valueAt(data, owner.field.split("."))))
    return undefined;
  return { kind: "forbidden", detail: `${owner.field} must be the subject of the caller's token` };
};
