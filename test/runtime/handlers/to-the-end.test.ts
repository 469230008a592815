/** A batch is handled completely: which deliveries are retried, in what order, and which are given up. */
import { describe, expect, test } from "vitest";
import {
  type Delivery,
  dead,
  type ForeignDelivery,
  type GivenUp,
  type Handle,
  retry,
} from "../../../lib/ports/delivery.ts";
import { toTheEnd } from "../../../lib/runtime/handlers/to-the-end.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";
import { deliveryOf } from "../deliveries.ts";

const event = (stream: string, version: number) =>
  deliveryOf(recordedEvent(version, {}, { id: `order-${stream}@${version}`, streamId: `order-${stream}` }));

const foreign = (id: string, sequence?: string): ForeignDelivery => ({
  id,
  receiveCount: 1,
  event: { id, source: "warehouse", type: "StockDelivered", data: {} },
  sequence,
});

const unread = <Each extends { readonly id: string }>(deliveries: readonly Each[]) =>
  deliveries.map((delivery) => ({ id: delivery.id, read: () => delivery }));

const running = async <Each extends Delivery | ForeignDelivery>(
  deliveries: readonly Each[],
  outcome: (id: string, round: number) => "done" | "retry" | "dead",
  attempts?: number,
) => {
  const [rounds, waits, givenUp]: [string[][], number[], GivenUp[]] = [[], [], []];
  const handle: Handle<Each> = async (batch) => {
    rounds.push(batch.map(({ id }) => id));
    return batch.flatMap(({ id }) => {
      const kind = outcome(id, rounds.length);
      if (kind === "done") return [];
      return [kind === "retry" ? retry(id) : dead(id, "untranslatable: no")];
    });
  };
  const sleep = async (milliseconds: number) => void waits.push(milliseconds);
  await toTheEnd(handle, { attempts, sleep, random: () => 0 })(unread(deliveries), async (one) => {
    givenUp.push(one);
  });
  return { rounds, waits, givenUp };
};

test("a failed event is retried with the later events of its stream, after growing delays", async () => {
  const all = [event("1", 1), event("1", 2), event("2", 1), event("1", 3)];
  const { rounds, waits, givenUp } = await running(all, (id, round) =>
    id === "order-1@2" && round < 3 ? "retry" : "done",
  );
  const both = ["order-1@2", "order-1@3"];
  expect(rounds.slice(1)).toEqual([both, both]);
  expect(waits).toEqual([1000, 2000]);
  expect(givenUp).toEqual([]);
});

describe("a dead delivery", () => {
  test("is given up at the first attempt, without a delay, and is not handled again behind a failure", async () => {
    const all = [event("1", 1), event("1", 2), event("2", 1)];
    const { rounds, givenUp } = await running(all, (id, round) => {
      if (id === "order-1@2") return "dead";
      return id === "order-1@1" && round < 3 ? "retry" : "done";
    });
    expect(rounds.slice(1)).toEqual([["order-1@1"], ["order-1@1"]]);
    expect(givenUp).toEqual([{ id: "order-1@2", because: "untranslatable: no", attempts: 1 }]);
    expect((await running(all, () => "dead")).waits).toEqual([]);
  });

  test("is given up before any other delivery is retried", async () => {
    const order: string[] = [];
    const handle: Handle = async (batch) => {
      order.push(`handle ${batch.length}`);
      return order.length === 1 ? [retry("order-1@1"), dead("order-2@1", "no")] : [];
    };
    const handleAll = toTheEnd(handle, { sleep: async () => {}, random: () => 0 });
    await handleAll(
      unread([event("1", 1), event("2", 1)]),
      async ({ id }) => void order.push(`give up ${id}`),
    );
    expect(order).toEqual(["handle 2", "give up order-2@1", "handle 1"]);
  });

  test("has the batch redelivered if it cannot be stored", async () => {
    const handle: Handle = async (batch) => batch.map(({ id }) => dead(id, "no"));
    const handleAll = toTheEnd(handle, { sleep: async () => {}, random: () => 0 });
    const keep = () => Promise.reject(new Error("out of reach"));
    await expect(handleAll(unread([event("1", 1)]), keep)).rejects.toThrow("out of reach");
  });
});

test("deliveries that still fail after the last attempt are given up, in their original order", async () => {
  const all = [event("2", 1), event("1", 1), event("1", 2)];
  const { rounds, givenUp } = await running(all, (id) => (id === "order-1@1" ? "done" : "retry"), 3);
  expect(rounds).toHaveLength(3);
  expect(givenUp).toEqual([
    { id: "order-2@1", because: "failed 3 times", attempts: 3 },
    { id: "order-1@2", because: "failed 3 times", attempts: 3 },
  ]);
});

test("if the handler throws, all are retried, and the error is the reason", async () => {
  const given: GivenUp[] = [];
  const broken: Handle = async () => {
    throw new Error("no upcaster");
  };
  const handleAll = toTheEnd(broken, { attempts: 2, sleep: async () => {}, random: () => 0 });
  await handleAll(unread([event("1", 1)]), async (one) => void given.push(one));
  expect(given).toEqual([{ id: "order-1@1", because: "Error: no upcaster", attempts: 2 }]);
});

test("events of another system keep the order of their sequence, and have no order without one", async () => {
  const all = [foreign("1", "pear"), foreign("2", "fig"), foreign("3", "pear"), foreign("4"), foreign("5")];
  const { rounds } = await running(all, (id, round) =>
    ["1", "4"].includes(id) && round === 1 ? "retry" : "done",
  );
  expect(rounds).toEqual([
    ["1", "2", "3", "4", "5"],
    ["1", "3", "4"],
  ]);
});
