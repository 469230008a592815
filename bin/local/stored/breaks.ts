/**
 * The changes of an application that the data in a folder do not survive. A changed event counts if the folder has events
 * of that version, a changed saga if instances of it are under way.
 */
import type { Break, Comparison } from "./comparison.ts";
import { projectorIn } from "./projector.ts";
import { idsIn, runningSagas } from "./running-sagas.ts";
import { storedEvents } from "./stored-events.ts";
import type { Caller } from "./tables.ts";

type Running = ReadonlyMap<string, number>;

/** `what` is singular. Without a count, all stored data are affected. */
type Affected = { readonly count?: number; readonly what: string };

type AffectedBy = (found: Break) => Affected;

const ofSagas = (running: Running): AffectedBy => {
  const affected = (saga: string) => ({ count: running.get(saga) ?? 0, what: "running instance" });
  return ({ name }) => affected(name.split("/")[0] ?? name);
};

/** How much stored data a break affects. */
const affectedIn = async (cloud: Caller, running: Running): Promise<Record<Break["part"], AffectedBy>> => {
  const { ofVersion, ofCategory } = await storedEvents(cloud, projectorIn(cloud.resources).events);
  const events = (count = 0): Affected => ({ count, what: "stored event" });
  return {
    // With another name, the application has other tables, so the stored data are not counted.
    applications: () => ({ what: "stored data" }),
    deciders: ({ name }) => events(ofCategory.get(name)),
    events: ({ name, version = "1" }) => events(ofVersion.get(`${name}@${version}`)),
    sagas: ofSagas(running),
    steps: ofSagas(running),
  };
};

const amountOf = ({ count, what }: Affected): string => {
  if (count === undefined) return `all ${what}`;
  return `${count} ${what}${count === 1 ? "" : "s"}`;
};

const lineOf = ({ sentence, advice }: Break, affected: Affected): string =>
  `${sentence}; affects ${amountOf(affected)}\n    ${advice}`;

const breaksIn = async (
  cloud: Caller,
  breaks: readonly Break[],
  running: Running,
): Promise<readonly string[]> => {
  if (breaks.length === 0) return [];
  const affectedBy = await affectedIn(cloud, running);
  return breaks.flatMap((each) => {
    const affected = affectedBy[each.part](each);
    return affected.count === 0 ? [] : [lineOf(each, affected)];
  });
};

/** One line per saga that is not in the application, with the number of its running instances. */
export const missingSagas = (running: Running, sagas: readonly string[]): readonly string[] =>
  [...running]
    .filter(([saga]) => !sagas.includes(saga))
    .map(
      ([saga, count]) =>
        `saga ${saga} is not in the application, but ${count} of its instances are running and would wait forever: ` +
        "restore its definition until they have ended; npx eventfold operate stuck lists them",
    );

type Findings = {
  /** Changes since the last version ran on the folder. */
  readonly breaks: readonly string[];
  readonly warnings: readonly string[];
};

/** `sagas` are the sagas of the application. Without a comparison, nothing has changed, or it is not known. */
export const findingsIn = async (
  cloud: Caller,
  sagas: readonly string[],
  { breaks = [], warnings = [] }: Partial<Comparison> = {},
): Promise<Findings> => {
  const running = await runningSagas(idsIn(cloud));
  const removedNow = breaks.filter(({ part }) => part === "sagas").map(({ name }) => name);
  return {
    breaks: await breaksIn(cloud, breaks, running),
    warnings: [...warnings, ...missingSagas(running, [...sagas, ...removedNow])],
  };
};
