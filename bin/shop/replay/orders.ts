/** Places orders concurrently, and follows each checkout to its end. */
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import type { Instance, Order } from "./instance.ts";

const line = z.looseObject({ sku: z.string(), quantity: z.int() });
/** A line of the orders file. The instance validates the other fields. */
export const givenOrder = z.looseObject({ orderId: z.string(), lines: z.array(line) });

type GivenOrder = z.output<typeof givenOrder>;

export type Placed = {
  readonly orderId: string;
  readonly lines: readonly z.output<typeof line>[];
  /** The final status of the saga. Undefined if it did not end in time. */
  readonly end: string | undefined;
  readonly order: Order | undefined;
  readonly refused: string | undefined;
  /** Whether the order waited for an operator and was approved. */
  readonly approved: boolean;
  /** From the POST until the end of the saga. */
  readonly milliseconds: number;
};

const ends = new Set(["completed", "compensated", "parked"]);
const patienceMilliseconds = 180_000;

const approval = { approved: true, by: "npm run replay" };

const firstMilliseconds = 200;
const leastMilliseconds = 20;
const mostMilliseconds = 2_000;

/**
 * How long to wait before the next poll, depending on the status that the last poll saw. A poll costs the instance about as
 * much as a step of an order, so the delay is the time after which half of the recent orders with that status had ended.
 */
const pace = () => {
  const usual = new Map<string, number>();
  const after = (seen: string): number => usual.get(seen) ?? firstMilliseconds;
  return {
    after,
    /** Records whether an order with the status `seen` had ended at the next poll. */
    learn: (seen: string, hasEnded: boolean) => {
      const next = after(seen) * (hasEnded ? 0.95 : 1.05);
      usual.set(seen, Math.min(mostMilliseconds, Math.max(leastMilliseconds, next)));
    },
  };
};

type Pace = ReturnType<typeof pace>;

/** Approves the order if it waits for an operator. */
const follow = async (
  shop: Instance,
  orderId: string,
  looks: Pace,
): Promise<Pick<Placed, "end" | "approved">> => {
  const deadline = performance.now() + patienceMilliseconds;
  let approved = false;
  let end: string | undefined;
  for (let seen = "placed"; !end && performance.now() < deadline; ) {
    await setTimeout(looks.after(seen));
    const { status = "", step = "" } = (await shop.saga(orderId)) ?? {};
    if (ends.has(status)) end = status;
    looks.learn(seen, end !== undefined);
    seen = `${status} ${step}`;
    if (status === "waiting" && step === "approve" && !approved) {
      const refused = await shop.post(`/orders/${orderId}/approval`, `replay-approve-${orderId}`, approval);
      if (refused) throw new Error(refused);
      approved = true;
      seen = "approved";
    }
  }
  return { end, approved };
};

/** The read model is updated shortly after the end of the saga. */
const finalOrder = async (shop: Instance, orderId: string): Promise<Order | undefined> => {
  for (let tries = 0; tries < 50; tries += 1) {
    const order = await shop.order(orderId);
    if (order && (order.status === "confirmed" || order.status === "cancelled")) return order;
    await setTimeout(100);
  }
  return shop.order(orderId);
};

const place = async (shop: Instance, order: GivenOrder, prefix: string, looks: Pace): Promise<Placed> => {
  const orderId = `${prefix}${order.orderId}`;
  const startedAt = performance.now();
  const refused = await shop.post("/orders", `replay-${orderId}`, { ...order, orderId });
  const followed = refused ? { end: undefined, approved: false } : await follow(shop, orderId, looks);
  const milliseconds = performance.now() - startedAt;
  return { orderId, lines: order.lines, ...followed, order: undefined, refused, milliseconds };
};

const progress = (done: number, all: number): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${all} orders${done === all ? "\n" : ""}`);
  else if (done % 100 === 0 || done === all) process.stdout.write(`${done} of ${all} orders\n`);
};

export const placeAll = async (
  shop: Instance,
  rows: readonly GivenOrder[],
  { prefix, concurrency }: { readonly prefix: string; readonly concurrency: number },
): Promise<readonly Placed[]> => {
  const placed: Placed[] = [];
  const waiting = rows.values();
  const looks = pace();
  const worker = async () => {
    for (const row of waiting) {
      placed.push(await place(shop, row, prefix, looks));
      progress(placed.length, rows.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return placed;
};

/** Adds the read model of each order that ended. */
export const withOrders = async (shop: Instance, placed: readonly Placed[]): Promise<readonly Placed[]> => {
  const settled: Placed[] = [];
  for (const each of placed)
    settled.push(each.end ? { ...each, order: await finalOrder(shop, each.orderId) } : each);
  return settled;
};
