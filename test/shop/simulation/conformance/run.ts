/**
 * Plays the whole product and prints its figures: npm run conformance. All of it for the pure functions, all triples
 * for the engines; EXTENT=whole plays all of it with them too, in one to two hours, and ENGINE=choreography with one of
 * them.
 */

import { type Scenario, wordsOf } from "../../../simulation/conformance/scenario.ts";
import { engines } from "../../../simulation/engines.ts";
import { figures, tableOf } from "./figures.ts";
import { type Played, play } from "./play.ts";
import { type Extent, type Kind, kinds, scenariosOf } from "./product.ts";
import { playPurely } from "./pure-play.ts";

type Player = (scenario: Scenario, kind: Kind) => Promise<Played>;

const { SEED = "1", ENGINE, EXTENT } = process.env;
const ofEngines: Extent = EXTENT === "whole" ? "whole" : "triples";

const players: readonly (readonly [name: string, extent: Extent, player: Player])[] = [
  ["the pure functions", "whole", async (scenario, { dimensions }) => playPurely(scenario, dimensions)],
  ...engines.map(
    ([name, engine]) =>
      [
        name,
        ofEngines,
        (scenario: Scenario, { dimensions }: Kind) => play(engine, scenario, dimensions),
      ] as const,
  ),
];

const broken = (error: unknown): Played => ({
  outcome: "stuck",
  problems: [`${error}`],
  commits: 0,
  events: 0,
});

const playAll = async (name: string, extent: Extent, player: Player) => {
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

const columns = [];
for (const [name, extent, player] of players)
  if (ENGINE === undefined || ENGINE === name) columns.push(await playAll(name, extent, player));

console.log(tableOf(columns));
if (columns.some(([, found]) => found.of("→ with problems") > 0)) process.exitCode = 1;
