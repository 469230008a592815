/**
 * One hot stream: the commits per second and the attempts per commit if 1, 16 and 100 writers reserve the same article
 * on the embedded engine. Prints a table. Compare figures only within one run.
 */
import { dynamoEventStore } from "../lib/adapters/dynamodb/event-store/event-store.ts";
import { memoryLog } from "../lib/adapters/memory/log.ts";
import type { Command, SentCommand } from "../lib/model/message.ts";
import { cachingStore } from "../lib/runtime/streams/caching-store.ts";
import { commandHandler } from "../lib/runtime/streams/handle-command.ts";
import { shop } from "../lib/shop/shop.ts";
import { receiveStock, reserveStock } from "../lib/shop/stock/inventory.ts";
import { engine, tables } from "../test/adapters/dynamodb/engine.ts";

const commitsPerRun = 400;

const sent = (command: Command, id: string): SentCommand => ({
  ...command,
  metadata: { id, causationId: id, correlationId: id, issuedAt: new Date().toISOString(), receipt: true },
});

const run = async (writers: number): Promise<string> => {
  const { client, stop } = await engine();
  const store = dynamoEventStore(client, tables.events);
  let appends = 0;
  const counted = {
    ...store,
    append: (...given: Parameters<typeof store.append>) => {
      appends += 1;
      return store.append(...given);
    },
  };
  const handle = commandHandler(shop, {
    // As in the functions. Here all writers share one cache; in the cloud each container has its own.
    store: cachingStore(counted),
    clock: () => new Date(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
    log: memoryLog(),
  });
  await handle(sent(receiveStock({ sku: "hot", quantity: 1_000_000 }), "receive"));
  appends = 0;
  const orders = Array.from({ length: commitsPerRun }, (_, index) => `order-${index}`).values();
  let contended = 0;
  const startedAt = performance.now();
  const write = async () => {
    for (const orderId of orders) {
      const answer = await handle(sent(reserveStock({ sku: "hot", orderId, quantity: 1 }), `r/${orderId}`));
      if (answer.kind === "contended") contended += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const seconds = (performance.now() - startedAt) / 1000;
  await stop();
  const rate = (commitsPerRun / seconds).toFixed(0).padStart(10);
  const attempts = (appends / commitsPerRun).toFixed(2).padStart(10);
  return `${`${writers}`.padStart(7)} ${rate} ${attempts} ${`${contended}`.padStart(10)}`;
};

process.stdout.write("writers  commits/s   attempts  contended\n");
for (const writers of [1, 16, 100]) process.stdout.write(`${await run(writers)}\n`);
