import { expect, test } from "vitest";
import { needsOf } from "../../../lib/constructs/roles.ts";
import {
  buses,
  engines,
  foreignEvents,
  itemsOf,
  totalOf,
  withoutBus,
} from "../../../lib/shop/costs/costs.ts";
import { type Call, countsIn, lineBytes, quietFunctions } from "../../../lib/shop/costs/counts.ts";
import { costOf, prices } from "../../../lib/shop/costs/prices.ts";
import { speeds } from "../../../lib/shop/costs/speeds.ts";
import { costsTable, enginesTable, speedsTable } from "../../../lib/shop/costs/table.ts";
import { run } from "../../bin/command-line.ts";

const named = (name: string) => {
  const engine = engines.find((each) => each.name === name);
  if (!engine) throw new Error(`there is no engine ${name}`);
  return engine;
};

test("every price has a source", () => {
  for (const { dollars, per, source } of Object.values(prices)) {
    expect(dollars / per).toBeGreaterThan(0);
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9-]+\/pricing\/$/);
  }
});

test("a cost is a count times its price", () => {
  expect(costOf("transition", 1_000_000)).toBeCloseTo(25);
  expect(costOf("mail", 3000)).toBeCloseTo(0.3);
});

test.each([
  ["step-functions", 194],
  ["choreography", 64],
])("a million orders by %s cost at most $%i", (name, most) => {
  expect(totalOf(named(name))).toBeLessThanOrEqual(most);
  expect(totalOf(named(name))).toBeGreaterThan(0.98 * most);
});

test("a million orders by choreography cost at most $65, with all lines of their logs", () => {
  const choreography = named("choreography");
  expect(totalOf(choreography)).toBeLessThanOrEqual(65);
  const item = (name: string) => itemsOf(choreography).find((each) => each.name === name)?.dollars;
  const { logBytes, invocations } = choreography.counts;
  const ofLambda =
    2 + (invocations.command ?? 0) + (invocations.choreograph ?? 0) + (invocations.perform ?? 0);
  const bytes = logBytes + 2 * lineBytes.query + ofLambda * lineBytes.invocation;
  expect(item("logs of the functions")).toBeCloseTo(costOf("logByte", 1e6 * bytes));
  expect(item("access log")).toBeCloseTo(costOf("logByte", 3e6 * lineBytes.access));
});

test("the table and the stack agree on the functions whose successes Lambda does not log", () => {
  for (const role of ["command", "query", "project", "relay", "react", "choreograph", "perform"] as const)
    expect(quietFunctions.includes(role)).toBe(needsOf(role).onlyFailuresAreLogged === true);
});

test("an order by choreography costs less than with state machines, with at most 48 write and 5 read units", () => {
  const others = engines.filter(({ name }) => name !== "choreography");
  expect(totalOf(named("choreography"))).toBeLessThan(Math.min(...others.map(totalOf)));
  expect(named("choreography").counts.writeUnits).toBeLessThanOrEqual(48);
  expect(named("choreography").counts.readUnits).toBeLessThanOrEqual(5);
});

test("a deadline costs money if it is due, and none if it is deleted before", () => {
  const { counts, ...others } = named("choreography");
  const deleted = { ...others, counts: { ...counts, schedules: 3, deletedSchedules: 3 } };
  const due = { ...others, counts: { ...counts, schedules: 3, deletedSchedules: 1 } };
  expect(totalOf(deleted)).toBeCloseTo(totalOf({ counts, ...others }));
  const more = totalOf(due) - totalOf(deleted);
  expect(more).toBeGreaterThan(2 * 1e6 * costOf("invocation", 1));
  expect(itemsOf(due).find(({ name }) => name === "SQS, deadlines")?.dollars).toBeCloseTo(2.4);
});

test("the total of an engine is the sum of its items", () => {
  for (const engine of engines)
    expect(totalOf(engine)).toBeCloseTo(itemsOf(engine).reduce((sum, { dollars }) => sum + dollars, 0));
});

test("brokers cost money per month and not per event; EventBridge costs money per event only", () => {
  expect(buses.map(({ dollars }) => dollars > 0)).toEqual([false, true, true, true]);
  for (const engine of engines) {
    const events = itemsOf(engine).filter(({ name }) => /EventBridge|archive|SQS, events/.test(name));
    const ofEvents = events.reduce((sum, { dollars }) => sum + dollars, 0);
    expect(totalOf(engine) - withoutBus(engine)).toBeCloseTo(ofEvents);
  }
});

const call = (action: string, count: number, other: Partial<Call> = {}): Call => ({
  role: "shop-AppCommandRole1",
  action,
  resource: "shop-AppCommandFunction1",
  count,
  readUnits: 0,
  writeUnits: 0,
  ...other,
});

test("counted calls are divided by the number of orders", () => {
  const found = countsIn(
    [
      call("lambda:InvokeFunction", 2),
      call("lambda:InvokeFunction", 6, { resource: "shop-AppSagasCheckoutTaskFunction1" }),
      call("lambda:InvokeFunction", 2, { resource: "shop-AppEffectsOnePerformFunction1" }),
      call("lambda:InvokeFunction", 4, { resource: "shop-AppEffectsTwoPerformFunction1" }),
      call("dynamodb:PutItem", 2, { writeUnits: 8 }),
      call("dynamodb:Query", 2, { readUnits: 1 }),
      call("sqs:SendMessage", 4, { role: "events.amazonaws.com" }),
      call("scheduler:CreateSchedule", 6),
      call("scheduler:DeleteSchedule", 2),
    ],
    2,
    { events: 14, transitions: 10, logLines: 46 },
  );
  expect(found).toEqual({
    invocations: { command: 1, task: 3, perform: 3 },
    writeUnits: 4,
    readUnits: 0.5,
    events: 7,
    deliveries: 2,
    transitions: 5,
    schedules: 3,
    deletedSchedules: 1,
    logLines: 23,
  });
});

test("queries and checks for stuck sagas do not count as costs of orders", () => {
  const others = [
    call("dynamodb:Query", 9, { role: "shop-AppQueryRole1", readUnits: 9 }),
    call("dynamodb:UpdateItem", 9, { role: "shop-AppInspectRole1", writeUnits: 9 }),
  ];
  const none = countsIn(others, 1, { events: 0, transitions: 0, logLines: 0 });
  expect(none).toMatchObject({ readUnits: 0, writeUnits: 0, invocations: {} });
});

test("an event of another system costs its units in the inbox", () => {
  expect(foreignEvents.dollars).toBeCloseTo(costOf("writeUnit", 2_000_000));
});

test("the table of engines has what each engine costs and needs", () => {
  const [head, , ...rows] = enginesTable().split("\n");
  expect(head).toBe("|  | `step-functions` | `choreography` |");
  expect(rows).toEqual(
    expect.arrayContaining([
      `| a million orders | ${engines.map((engine) => `$${totalOf(engine).toFixed(1)}`).join(" | ")} |`,
      "| write units and read units per order | 50 and 7 | 47 and 4 |",
      "| invocations of the saga's functions per order | 5 | 2 |",
    ]),
  );
});

test("the table of engines compares the measured speeds on EventBridge", () => {
  const cellsOf = (row: string) =>
    row
      .split(" | ")
      .slice(1)
      .map((cell) => cell.replace(" |", ""));
  const rows = enginesTable().split("\n").map(cellsOf);
  const ratios = engines.map(({ name }) => {
    const at = (atOnce: number) =>
      speeds.find((each) => each.bus === "eventbridge" && each.engine === name && each.atOnce === atOnce);
    return [at(1)?.p50Ratio.toFixed(2), at(16)?.ordersPerSecondRatio.toFixed(2)];
  });
  expect(rows.slice(-2)).toEqual([0, 1].map((index) => ratios.map((both) => both[index] ?? "not measured")));
});

test("the choreography was measured on every bus; on EventBridge it is at least as fast as the guide says", () => {
  const choreography = speeds.filter(({ engine }) => engine === "choreography");
  const alone = choreography.filter(({ atOnce }) => atOnce === 1);
  expect(alone.map(({ bus }) => bus)).toEqual(["eventbridge", "kafka", "rabbitmq"]);
  expect(alone[0]?.p50Ratio).toBeLessThanOrEqual(1.1);
  const busy = choreography.find(({ bus, atOnce }) => bus === "eventbridge" && atOnce === 16);
  expect(busy?.ordersPerSecondRatio).toBeGreaterThanOrEqual(1);
});

test("the table of speeds has a row for each recorded combination", () => {
  const [, , ...rows] = speedsTable().split("\n");
  expect(rows).toHaveLength(speeds.length);
  expect(rows[0]).toMatch(/^\| eventbridge, `step-functions` \| 1 \| \d+ \| \d+ \| 1\.00 \| 1\.00 \|$/);
});

test("npm run costs prints the tables and the prices behind them", async () => {
  const { code, stdout } = await run("bin/shop/costs.ts", []);
  expect(code).toBe(0);
  expect(stdout).toContain(costsTable());
  expect(stdout).toContain("$25 per 1,000,000 state transitions of Standard machines");
});
