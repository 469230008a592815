/**
 * The cost of an order on DynamoDB: calls, read units and write units of confirmed orders with 1, 3 and 25 lines, by
 * function and action. The local cloud counts them while it runs the synthesized stack. The argument is the engine of
 * the saga, such as `choreography`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { credentials } from "../bin/shop/replay/credentials.ts";
import { instance } from "../bin/shop/replay/instance.ts";
import { synthesize } from "../lib/deploy/synthesize.ts";
import { localCloud } from "../lib/local/local-cloud.ts";
import { project } from "../test/shop/project.ts";

const count = z.object({
  role: z.string(),
  action: z.string(),
  count: z.number(),
  readUnits: z.number(),
  writeUnits: z.number(),
});
const answer = z.object({ calls: z.array(count) });
type Count = z.output<typeof count>;

const orderOf = (orderId: string, lines: number) => ({
  orderId,
  customer: { id: "ada", name: "Ada Lovelace", email: "ada@example.com" },
  shipTo: { street: "12 St James's Square", city: "London", postalCode: "SW1Y 4JH", country: "UK" },
  paymentMethod: "pm_card_visa",
  lines: Array.from({ length: lines }, (_, index) => ({ sku: `sku-${index}`, quantity: 1, unitPrice: 1000 })),
});

/** Projections, queues and e-mails finish shortly after the end of the saga. */
const settleMilliseconds = 2500;

const folder = mkdtempSync(join(tmpdir(), "units-"));
const { assembly } = synthesize(project, {
  context: { public: "true", saga: process.argv[2] ?? "auto" },
  outdir: join(folder, "assembly"),
  validation: false,
});
const cloud = await localCloud({ assembly, port: 0, report: () => {} });
const shop = instance(cloud.url, await credentials(cloud.url, undefined));

const roleOf = ({ role }: Count): string =>
  /App(Command|Query|StreamProject|StreamRelay|Sagas\w+(?:React|Task|Choreograph)|Effects\w+Perform)/.exec(
    role,
  )?.[1] ?? role;

const place = async (lines: number): Promise<readonly Count[]> => {
  const orderId = `units-${lines}`;
  await fetch(`${cloud.url}/_local/calls`, { method: "DELETE" });
  const refused = await shop.post("/orders", orderId, orderOf(orderId, lines));
  if (refused) throw new Error(refused);
  while ((await shop.saga(orderId))?.status !== "completed") await setTimeout(100);
  await setTimeout(settleMilliseconds);
  const { calls } = answer.parse(await shop.optional("/_local/calls"));
  return calls.filter(({ action, role }) => action.startsWith("dynamodb:") && !role.includes("Query"));
};

const print = (lines: number, calls: readonly Count[]) => {
  const rows = new Map<string, { count: number; readUnits: number; writeUnits: number }>();
  for (const each of calls) {
    if (/Describe|Iterator|GetRecords/.test(each.action)) continue;
    const name = `${roleOf(each)} ${each.action.slice("dynamodb:".length)}`;
    const row = rows.get(name) ?? { count: 0, readUnits: 0, writeUnits: 0 };
    rows.set(name, {
      count: row.count + each.count,
      readUnits: row.readUnits + each.readUnits,
      writeUnits: row.writeUnits + each.writeUnits,
    });
  }
  const all = [...rows.values()];
  const sum = (field: "count" | "readUnits" | "writeUnits") =>
    all.reduce((total, row) => total + row[field], 0);
  const line = (name: string, calls: number, read: number, write: number) =>
    `${name.padEnd(48)} ${`${calls}`.padStart(6)} ${read.toFixed(1).padStart(8)} ${write.toFixed(0).padStart(8)}\n`;
  process.stdout.write(`\n${`${lines} lines`.padEnd(48)}  calls    reads   writes\n`);
  for (const [name, row] of [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1)))
    process.stdout.write(line(name, row.count, row.readUnits, row.writeUnits));
  process.stdout.write(line("all", sum("count"), sum("readUnits"), sum("writeUnits")));
};

try {
  for (let index = 0; index < 25; index += 1)
    await shop.post(`/stock/sku-${index}/receipts`, `receive-${index}`, { quantity: 1000 });
  await place(2);
  for (const lines of [1, 3, 25]) print(lines, await place(lines));
} finally {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
}
