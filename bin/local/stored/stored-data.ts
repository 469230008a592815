/**
 * Compares the application with the version that last ran on a data folder, before anything of it starts. Stored data that
 * this version cannot continue are refused by name. Read models of changed projections are built again.
 */
import { isDeepStrictEqual } from "node:util";
import type { Cloud } from "../../../lib/local/service/service.ts";
import { findingsIn } from "./breaks.ts";
import type { Comparison } from "./comparison.ts";
import { emptyReadModel, fillReadModels, parkedStreams, rowsOf } from "./fill.ts";
import { lastVersionIn } from "./last-version.ts";
import { projectorIn } from "./projector.ts";
import { type Caller, countIn } from "./tables.ts";

type Given = {
  /** The contract of the application, as JSON. */
  readonly contract: unknown;
  /** The names of the application's sagas. */
  readonly sagas: readonly string[];
  /** The data folder, for messages. */
  readonly data: string;
  /** Starts although stored data do not fit. */
  readonly acceptBreaks: boolean;
  /** Gets the lines for the user as they occur. */
  readonly warn: (line: string) => void;
  readonly progress: (line: string) => void;
};

type Folder = Pick<Cloud, "journal" | "resources" | "call" | "invoke">;
type Last = ReturnType<ReturnType<typeof lastVersionIn>["read"]>;

const refusal = (data: string, breaks: readonly string[]): string =>
  `the data in ${data} come from another version of the application, and this version cannot continue them:\n` +
  breaks.map((each) => `  ${each}\n`).join("") +
  "Nothing was started. Change the application so that it reads what is stored, choose another folder with --data, or " +
  "start nevertheless with --accept-breaks";

const notFilled = (readModels: readonly string[], [first, ...others]: readonly string[]): string =>
  `${readModels.join(", ")} cannot be filled: the commit ${first} failed${others.length > 0 ? `, and ${others.length} more` : ""}. ` +
  "The log has the reason. The next start fills them again; with --accept-breaks it starts without these commits";

const isUsed = async (cloud: Caller): Promise<boolean> =>
  (await countIn(cloud, { TableName: projectorIn(cloud.resources).events })) > 0;

const unchanged: Comparison = { breaks: [], warnings: [], readModels: new Map() };

/** Undefined if the last version is not known. */
const comparisonWith = async (last: Last, contract: unknown): Promise<Comparison | undefined> => {
  if (!last) return undefined;
  if (isDeepStrictEqual(last.contract, contract)) return unchanged;
  const { comparisonOf } = await import("./comparison.ts");
  return comparisonOf(last.contract, contract);
};

const changeOf = async (cloud: Caller, name: string, changes: readonly string[]): Promise<string> => {
  if (changes.includes("is new")) return "is new";
  const rows = await rowsOf(cloud, name);
  return `has changed, with ${rows} ${rows === 1 ? "row" : "rows"} (${changes.join("; ")})`;
};

export const storedData = ({ contract, sagas, data, acceptBreaks, warn, progress }: Given) => {
  let unfilled: readonly string[] = [];

  /** The read models to fill. Names each of them. */
  const incomplete = async (cloud: Folder, changed: Comparison["readModels"], last: Last) => {
    const { hasReadModel } = projectorIn(cloud.resources);
    const interrupted = (last?.unfilled ?? []).filter((name) => hasReadModel(name) && !changed.has(name));
    for (const [name, changes] of changed) {
      const how = await changeOf(cloud, name, changes);
      warn(`read model ${name} ${how}: it is filled from the event store`);
    }
    for (const name of interrupted)
      warn(`read model ${name} is incomplete: it is filled from the event store`);
    return [...changed.keys(), ...interrupted];
  };

  return {
    onTables: async (cloud: Folder): Promise<void> => {
      const lastVersion = lastVersionIn(cloud.journal);
      const last = lastVersion.read();
      const comparison = await comparisonWith(last, contract);
      if (!comparison && (await isUsed(cloud)))
        warn(
          `${data} does not say which version of the application last ran on it, so no changes were looked for; the next ` +
            "start compares with this version",
        );
      const { breaks, warnings } = await findingsIn(cloud, sagas, comparison);
      if (breaks.length > 0 && !acceptBreaks) throw new Error(refusal(data, breaks));
      for (const line of [...breaks, ...warnings]) warn(line);
      unfilled = await incomplete(cloud, comparison?.readModels ?? new Map(), last);
      // Written before the first row is deleted, because the process may be killed.
      lastVersion.write({ contract, unfilled });
      for (const name of unfilled) await emptyReadModel(cloud, name);
    },
    onRunning: async (cloud: Folder): Promise<void> => {
      if (unfilled.length === 0) return;
      const failed = await fillReadModels(cloud, progress);
      if (failed.length > 0) {
        if (!acceptBreaks) throw new Error(notFilled(unfilled, failed));
        return warn(notFilled(unfilled, failed));
      }
      for (const name of unfilled) {
        const parked = await parkedStreams(cloud, name);
        if (parked > 0)
          warn(
            `read model ${name} lacks the streams that it cannot apply: npx eventfold operate parked lists ${parked}`,
          );
      }
      lastVersionIn(cloud.journal).write({ contract, unfilled: [] });
    },
  };
};
