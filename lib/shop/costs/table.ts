/**
 * Tables of the costs, the needs and the speed of orders. They go to the pages with the markers `costs`, `engines` and
 * `speeds`, and `npm run costs` prints them.
 */
import { buses, type Engine, engines, foreignEvents, itemsOf, mails, totalOf, withoutBus } from "./costs.ts";
import { type Speed, speeds } from "./speeds.ts";

const dollars = (amount: number, digits = 1): string => `$${amount.toFixed(digits)}`;

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(row)].join("\n");

const byEngine = (): string => {
  const all = engines.map(itemsOf);
  const names = (all[0] ?? []).map(({ name }) => name);
  const items = names.map((name, index) => [
    name,
    ...all.map((ofEngine) => dollars(ofEngine[index]?.dollars ?? 0)),
  ]);
  return table(
    ["a million orders", ...engines.map(({ name }) => name)],
    [...items, ["**together**", ...engines.map((engine) => `**${dollars(totalOf(engine))}**`)]],
  );
};

const byBus = (): string =>
  table(
    ["bus", "per month, fixed", ...engines.map(({ name }) => `${name}, a million orders`)],
    buses.map(({ name, what, dollars: fixed }) => [
      `${name}: ${what}`,
      dollars(fixed, 0),
      ...engines.map((engine) => dollars(fixed === 0 ? totalOf(engine) : withoutBus(engine))),
    ]),
  );

const onTop = (): readonly string[] => [
  `${mails.name}, one per order: ${dollars(mails.dollars, 0)} more for a million orders.`,
  `${foreignEvents.name}: ${dollars(foreignEvents.dollars)} for a million in the inbox, without the commands that follow.`,
];

const sagaRoles = ["react", "task", "choreograph"];

const sagaInvocations = ({ counts: { invocations } }: Engine): number =>
  sagaRoles.reduce((sum, role) => sum + (invocations[role] ?? 0), 0);

/** The ratio of an engine to the first one on the bus of the default, with this number of orders at once. */
const ratioOf = (engine: Engine, atOnce: number, ratio: (speed: Speed) => number): string => {
  const found = speeds.find(
    (speed) => speed.bus === "eventbridge" && speed.engine === engine.name && speed.atOnce === atOnce,
  );
  return found ? ratio(found).toFixed(2) : "not measured";
};

/** The engines side by side. To add a row, add what it is and how it follows from an engine. */
const rowsOfEngines: readonly (readonly [what: string, of: (engine: Engine) => string])[] = [
  ["a million orders", (engine) => dollars(totalOf(engine))],
  ["a million orders with Kafka or RabbitMQ, besides the broker", (engine) => dollars(withoutBus(engine))],
  ["write units and read units per order", ({ counts }) => `${counts.writeUnits} and ${counts.readUnits}`],
  ["invocations of the saga's functions per order", (engine) => `${sagaInvocations(engine)}`],
  [
    "p50 from POST to end, one order at a time; step-functions is 1",
    (engine) => ratioOf(engine, 1, ({ p50Ratio }) => p50Ratio),
  ],
  [
    "orders per second, 16 at once; step-functions is 1",
    (engine) => ratioOf(engine, 16, ({ ordersPerSecondRatio }) => ordersPerSecondRatio),
  ],
];

export const enginesTable = (): string =>
  table(
    ["", ...engines.map(({ name }) => `\`${name}\``)],
    rowsOfEngines.map(([what, of]) => [what, ...engines.map(of)]),
  );

/** The recorded ratios. Seconds would say more about the load of the machine than about the engines. */
export const speedsTable = (): string =>
  table(
    ["bus and engine", "orders at once", "orders", "runs", "orders per second", "p50"],
    speeds.map(({ bus, engine, atOnce, orders, runs, ordersPerSecondRatio, p50Ratio }) => [
      `${bus}, \`${engine}\``,
      ...[atOnce, orders, runs].map(String),
      ordersPerSecondRatio.toFixed(2),
      p50Ratio.toFixed(2),
    ]),
  );

export const costsTable = (): string => [byEngine(), byBus(), ...onTop()].join("\n\n");
