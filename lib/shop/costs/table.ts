/** What orders need and cost as tables, for the pages with the markers `costs` and `engines` and for `npm run costs`. */
import { buses, type Engine, engines, foreignEvents, itemsOf, mails, totalOf, withoutBus } from "./costs.ts";

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

/** The engines side by side. To add a row, add what it is and how it follows from an engine. */
const rowsOfEngines: readonly (readonly [what: string, of: (engine: Engine) => string])[] = [
  ["a million orders", (engine) => dollars(totalOf(engine))],
  ["a million orders with Kafka or RabbitMQ, besides the broker", (engine) => dollars(withoutBus(engine))],
  ["write units and read units per order", ({ counts }) => `${counts.writeUnits} and ${counts.readUnits}`],
  ["invocations of the saga's functions per order", (engine) => `${sagaInvocations(engine)}`],
];

export const enginesTable = (): string =>
  table(
    ["", ...engines.map(({ name }) => `\`${name}\``)],
    rowsOfEngines.map(([what, of]) => [what, ...engines.map(of)]),
  );

export const costsTable = (): string => [byEngine(), byBus(), ...onTop()].join("\n\n");
