/** Plays scenarios of sagas on the engines, and prints the counts of each saga. */
import type { AnySaga } from "../../../../lib/model/saga.ts";
import { engines } from "../../engines.ts";
import { timeline } from "../../timeline.ts";
import { type Kind, kindsOf } from "../kind.ts";
import { type Played, play } from "../play.ts";
import { scenariosOf, selection } from "../product.ts";
import { playPurely } from "../pure-play.ts";
import { type Scenario, wordsOf } from "../scenario.ts";
import type { Subject } from "../subject.ts";
import { figures, tableOf } from "./figures.ts";
import { conformanceOptions, type Options } from "./options.ts";
import { progress } from "./progress.ts";

type Case = { readonly kind: Kind; readonly scenario: Scenario };

type Player = {
  readonly name: string;
  readonly play: (scenario: Scenario, kind: Kind) => Promise<Played>;
};

const players: readonly Player[] = [
  { name: "the pure functions", play: async (scenario, kind) => playPurely(scenario, kind) },
  ...engines.map(([name, engine]) => ({
    name,
    play: (scenario: Scenario, kind: Kind) => play(engine, scenario, kind),
  })),
];

/** The name for `--engine`: `compiled` for "the compiled state machine". */
const shortName = ({ name }: Player): string => name.replace(/^the /, "").split(" ")[0] ?? name;

const secondsBetweenReports = 10;

const casesOf = (
  kinds: readonly Kind[],
  { extent, seed, shard }: Pick<Options, "extent" | "seed" | "shard">,
): readonly Case[] => {
  const isDrawn = typeof extent === "number";
  const all = kinds.flatMap((kind) =>
    scenariosOf(kind, isDrawn ? "whole" : extent, seed).map((scenario) => ({ kind, scenario })),
  );
  const { random } = timeline({ seed, shuffled: true, clockJumps: false });
  const chosen = isDrawn ? selection(all, extent, random) : all;
  return chosen.filter((_, index) => index % shard.of === shard.index - 1);
};

const broken = (error: unknown): Played => ({
  outcome: "stuck",
  problems: [`${error}`],
  commits: 0,
  events: 0,
});

/** Where the command writes: results to `print`, progress to `report`. */
export type Output = {
  readonly print: (line: string) => void;
  readonly report: (line: string) => void;
};

const playAll = async (
  { name, play }: Player,
  cases: readonly Case[],
  { print, done }: Pick<Output, "print"> & { readonly done: () => void },
) => {
  const found = figures();
  const { user } = process.cpuUsage();
  for (const { kind, scenario } of cases) {
    const played = await play(scenario, kind).catch(broken);
    found.add(scenario, played);
    if (played.problems.length > 0) print(`${name}: ${wordsOf(scenario)}\n  ${played.problems.join("\n  ")}`);
    done();
  }
  return [name, found, process.cpuUsage({ user, system: 0 }).user / 1e6] as const;
};

const sagasOf = (subjects: readonly Subject[]): readonly AnySaga[] => [
  ...new Set(subjects.map(({ saga }) => saga)),
];

/** Returns the number of scenarios with problems. */
export const conform = async (
  subjects: readonly Subject[],
  { engine, saga, repeat, ...choice }: Options,
  { print, report }: Output,
): Promise<number> => {
  const wanted = subjects.filter((subject) => saga === undefined || subject.saga.name === saga);
  const chosen = players.filter((player) => engine === undefined || shortName(player) === engine);
  const cases = casesOf(kindsOf(wanted), choice);
  const total = cases.length * chosen.length;
  report(`${total} scenarios: ${repeat}`);
  const milliseconds = () => performance.now();
  const done = progress(total, { milliseconds, every: secondsBetweenReports, report });
  let problems = 0;
  for (const each of sagasOf(wanted)) {
    const own = cases.filter(({ kind }) => kind.subject.saga === each);
    const columns = [];
    for (const player of chosen) columns.push(await playAll(player, own, { print, done }));
    print(`\n${each.name}\n\n${tableOf(columns)}`);
    for (const [, found] of columns) problems += found.of("→ with problems");
  }
  if (problems > 0) report(`✗ ${problems} scenarios with problems. The same again: ${repeat}`);
  return problems;
};

/** Reads the command line, and sets the exit code 1 if a scenario has a problem. */
export const run = async (subjects: readonly Subject[]): Promise<void> => {
  const sagas = sagasOf(subjects).map(({ name }) => name);
  const options = conformanceOptions({ sagas, engines: players.map(shortName) });
  const problems = await conform(subjects, options, {
    print: (line) => process.stdout.write(`${line}\n`),
    report: (line) => process.stderr.write(`${line}\n`),
  });
  if (problems > 0) process.exitCode = 1;
};
