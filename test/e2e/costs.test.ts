/** What an order takes is what the table of costs says: neither more, nor so much less that the table is stale. */
import { expect, inject, test } from "vitest";
import { type Call, type Counts, counts, countsIn, type EngineName } from "../../bin/costs/counts.ts";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

const orders = 4;
/** What was counted lies between this part of what is written down, and all of it. */
const leastPart = 0.75;
/** The readers of the stream have as many commits in a batch as there are. */
const inBatches = ["project", "relay"];

const calls = async (shop: Shop) =>
  (await shop.get<{ readonly calls: readonly Call[] }>("/_local/calls")).body.calls;

const sumOf = (all: readonly Call[]) => all.reduce((sum, { count }) => sum + count, 0);

/** The readers of the stream and the queues come a moment after the saga's end. */
const settled = async (shop: Shop) => {
  const work = async () =>
    sumOf((await calls(shop)).filter(({ action }) => !/GetRecords|ShardIterator|logs:/.test(action)));
  let before = -1;
  await shop.wait("the shop to come to rest", async () => {
    const now = await work();
    if (now === before) return true;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 700));
    return undefined;
  });
};

const place = async (shop: Shop, id: string) => {
  await shop.place(orderOf(id, [{ sku: "apple", quantity: 1, unitPrice: 10 }]));
  await shop.waitForSaga(id);
  await settled(shop);
};

const counted = async (shop: Shop, engine: EngineName): Promise<Counts> => {
  await shop.receive("apple", 100);
  await place(shop, "warm");
  await shop.request("/_local/calls", { method: "DELETE" });
  const ids = Array.from({ length: orders }, (_, index) => `order-${index}`);
  for (const id of ids) await place(shop, id);
  const found = await calls(shop);
  const streams = ids.flatMap((id) => [`order-${id}`, `payment-${id}`, `shipment-${id}`]);
  const commits = (await Promise.all(streams.map(shop.owner.stream))).flat();
  const own = commits.reduce((sum, { ev }) => sum + JSON.parse(ev?.S ?? "[]").length, 0);
  const ofStock = 2 * orders;
  const histories = engine === "choreography" ? [] : await Promise.all(ids.map(shop.owner.statesEntered));
  const transitions = histories.reduce((sum, entered) => sum + entered, 0);
  return countsIn(found, orders, { events: own + ofStock, transitions });
};

const flat = ({ invocations, ...others }: Counts): Readonly<Record<string, number>> => ({
  ...others,
  ...invocations,
});

test.each([
  ["step-functions", "assembly"],
  ["choreography", "choreography"],
] as const)("an order by %s takes what the table of costs says", async (engine, assembly) => {
  const shop = await startShop(inject(assembly));
  try {
    const [found, written] = [flat(await counted(shop, engine)), flat(counts[engine])];
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(written).toSorted());
    const wrong = Object.entries(written).filter(([name, most]) => {
      const count = found[name] ?? 0;
      return count > most || (count < leastPart * most && !inBatches.includes(name));
    });
    expect(wrong.map(([name, most]) => `${name}: ${found[name]}, written down ${most}`)).toEqual([]);
  } finally {
    await shop.stop();
  }
});
