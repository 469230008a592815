/** Counts of the results of many scenarios: by engine, by dimension and by outcome. */
import type { Played } from "../play.ts";
import type { Scenario } from "../scenario.ts";

const dimensionsOf = ({ fault, hindrance, cancelAfter, arrival }: Scenario): readonly string[] => [
  ...(fault ? [`step ${fault.how}`] : []),
  ...(hindrance ? [`undo ${hindrance.how}`] : []),
  ...(cancelAfter === undefined ? [] : ["cancelled"]),
  arrival.one ? `one event ${arrival.one.how}` : `events ${arrival.name}`,
];

export const figures = () => {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    add: (scenario: Scenario, { outcome, problems }: Played) => {
      count("scenarios");
      count(`→ ${outcome}`);
      if (problems.length > 0) count("→ with problems");
      dimensionsOf(scenario).forEach(count);
    },
    of: (name: string): number => counts.get(name) ?? 0,
    names: (): readonly string[] => ["→ with problems", ...counts.keys()],
  };
};

export type Figures = ReturnType<typeof figures>;

const rowOrder = (name: string): string =>
  `${["scenarios", "→", "step", "undo", "cancelled", "event", "one"].findIndex((part) => name.startsWith(part))}${name}`;

/** A Markdown table: one column per engine, one row per figure. */
export const tableOf = (
  columns: readonly (readonly [engine: string, figures: Figures, seconds: number])[],
): string => {
  const names = [...new Set(columns.flatMap(([, each]) => each.names()))].toSorted((one, other) =>
    rowOrder(one) < rowOrder(other) ? -1 : 1,
  );
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [
    row(["", ...columns.map(([engine]) => engine)]),
    row(["---", ...columns.map(() => "--:")]),
    ...names.map((name) => row([name, ...columns.map(([, each]) => each.of(name))])),
    row(["seconds", ...columns.map(([, , seconds]) => seconds.toFixed(0))]),
  ].join("\n");
};
