/**
 * Counts the calls and capacity units by caller, action and resource, since the start or the last reset. There is one
 * row per role and resource of the template. If there are too many rows, further resources of an action share one row.
 */
import type { Caller, Requirement } from "./service.ts";

type Call = {
  /** The name of a role, the principal of a service, or `owner`. */
  readonly role: string;
  readonly function?: string;
  readonly action: string;
  readonly resource: string;
  readonly count: number;
  readonly readUnits: number;
  readonly writeUnits: number;
};

export type Calls = {
  readonly count: (caller: Caller, requirement: Requirement) => void;
  readonly addUnits: (
    caller: Caller,
    requirement: Requirement,
    units: { readonly read?: number; readonly write?: number },
  ) => void;
  readonly list: () => readonly Call[];
  readonly reset: () => void;
};

const rowsMax = 10_000;

type Row = { -readonly [Member in keyof Call]: Call[Member] };

export const nameOfCaller = (caller: Caller): string => {
  if (caller.kind === "role") return caller.arn.split("/").at(-1) ?? caller.arn;
  return caller.kind === "service" ? caller.principal : "owner";
};

export const calls = (): Calls => {
  const rows = new Map<string, Row>();

  const rowOf = (caller: Caller, { action, resource }: Requirement): Row => {
    const role = nameOfCaller(caller);
    const functionName = caller.kind === "role" ? caller.functionName : undefined;
    const who = `${role} ${functionName ?? ""} ${action}`;
    const known = rows.get(`${who} ${resource}`);
    if (known) return known;
    const shown = rows.size < rowsMax ? resource : "(others)";
    const row = rows.get(`${who} ${shown}`) ?? {
      role,
      ...(functionName !== undefined && { function: functionName }),
      action,
      resource: shown,
      count: 0,
      readUnits: 0,
      writeUnits: 0,
    };
    rows.set(`${who} ${shown}`, row);
    return row;
  };

  return {
    count: (caller, requirement) => {
      rowOf(caller, requirement).count += 1;
    },
    addUnits: (caller, requirement, { read = 0, write = 0 }) => {
      const row = rowOf(caller, requirement);
      row.readUnits += read;
      row.writeUnits += write;
    },
    list: () => [...rows.values()].map((row) => ({ ...row })),
    reset: () => rows.clear(),
  };
};
