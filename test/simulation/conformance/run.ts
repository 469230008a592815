/**
 * Plays all scenarios of these sagas and prints the figures of each: the whole product for the pure functions, and the
 * triples for the engines. With EXTENT=whole the engines play the whole product too, which takes one to two hours.
 * ENGINE=choreography plays only that engine.
 */
import { engines } from "../engines.ts";
import { figures, tableOf } from "./figures.ts";
import { type Kind, kindsOf } from "./kind.ts";
import { type Played, play } from "./play.ts";
import { type Extent, scenariosOf } from "./product.ts";
import { playPurely } from "./pure-play.ts";
import { type Scenario, wordsOf } from "./scenario.ts";
import type { Subject } from "./subject.ts";

type Player = (scenario: Scenario, kind: Kind) => Promise<Played>;

const { SEED = "1", ENGINE, EXTENT } = process.env;
const ofEngines: Extent = EXTENT === "whole" ? "whole" : "triples";

const players: readonly (readonly [name: string, extent: Extent, player: Player])[] = [
  ["the pure functions", "whole", async (scenario, kind) => playPurely(scenario, kind)],
  ...engines.map(
    ([name, engine]) =>
      [name, ofEngines, (scenario: Scenario, kind: Kind) => play(engine, scenario, kind)] as const,
  ),
];

const broken = (error: unknown): Played => ({
  outcome: "stuck",
  problems: [`${error}`],
  commits: 0,
  events: 0,
});

const playAll = async (kinds: readonly Kind[], [name, extent, player]: (typeof players)[number]) => {
  const found = figures();
  const { user } = process.cpuUsage();
  for (const kind of kinds)
    for (const scenario of scenariosOf(kind, extent, Number(SEED))) {
      const played = await player(scenario, kind).catch(broken);
      found.add(scenario, played);
      if (played.problems.length > 0)
        console.log(`${name}: ${wordsOf(scenario)}\n  ${played.problems.join("\n  ")}`);
    }
  return [name, found, process.cpuUsage({ user, system: 0 }).user / 1e6] as const;
};

/** Sets the exit code 1 if there is a problem. */
export const run = async (subjects: readonly Subject[]): Promise<void> => {
  for (const saga of new Set(subjects.map((subject) => subject.saga))) {
    const kinds = kindsOf(subjects.filter((subject) => subject.saga === saga));
    const columns = [];
    for (const player of players)
      if (ENGINE === undefined || ENGINE === player[0]) columns.push(await playAll(kinds, player));
    console.log(`\n${saga.name}\n\n${tableOf(columns)}`);
    if (columns.some(([, found]) => found.of("→ with problems") > 0)) process.exitCode = 1;
  }
};
