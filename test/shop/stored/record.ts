/**
 * Records the data folder that `npm start` of this version leaves when it is killed, with sagas, messages and keys in
 * every state. test/shop/e2e/stored-folder.ts checks that later versions continue with it. Run this before you change
 * stored data:
 *
 *     npx tsx test/shop/stored/record.ts NAME       writes test/stored/NAME-auto.tar.gz and NAME-choreography.tar.gz
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { endAll, npmStart } from "../../e2e/npm-start.ts";
import { ownerOf } from "../../e2e/owner.ts";
import { client, type Waiting } from "../e2e/client.ts";
import { delivered, keyOf, orders, receipts } from "./requests.ts";

const patienceMilliseconds = 60_000;

const wait: Waiting = async (what, probe) => {
  const deadline = performance.now() + patienceMilliseconds;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`waited ${patienceMilliseconds / 1000} s for ${what}`);
    await setTimeout(40);
  }
};

const play = async (url: string): Promise<void> => {
  const shop = client(url, wait);
  const owner = await ownerOf(url);
  const place = async (id: keyof typeof orders) => {
    const { status } = await shop.place(orders[id], keyOf(id));
    if (status !== 202) throw new Error(`order ${id}: ${status}`);
  };
  for (const sku of receipts) await shop.receive(sku, 100);

  await owner.publish("warehouse", "StockDelivered", delivered("d/1", { article: "date", pieces: 4 }));
  await shop.waitForStock("date", { received: 4 });
  // It breaks the schema of the translator.
  await owner.publish("warehouse", "StockDelivered", delivered("d/2", { article: "date" }));

  await place("confirmed");
  await shop.waitForOrder("confirmed", "confirmed");
  await place("declined");
  await shop.waitForOrder("declined", "cancelled");
  await place("returned");
  await shop.waitForOrder("returned", "confirmed");
  await shop.post("/orders/returned/return", { reason: "too many" });
  await shop.waitForOrder("returned", "returned");

  await place("approval");
  await shop.waitForOrder("approval", "awaiting-approval");
  await place("paying");
  await shop.waitForOrder("paying", "reserved");

  // The stock of a confirmed order is gone, so its saga cannot end without an operator.
  await place("parked");
  await shop.waitForOrder("parked", "reserved");
  const released = { type: "StockReleased", data: { sku: "grape", orderId: "parked", quantity: 100 } };
  await owner.append("inventory-grape", released);
  const authorized = { type: "PaymentAuthorized", data: { orderId: "parked", authorization: "by phone" } };
  await owner.append("payment-parked", authorized, { sagaId: "checkout/parked" });
  await shop.waitForSaga("parked");

  // No projection can apply this event.
  await shop.receive("rotten", 1);
  await shop.waitForStock("rotten", { received: 1 });
  await owner.append("inventory-rotten", {
    type: "StockReceived",
    data: { sku: "rotten", quantity: "many" },
  });
  await wait("the stream to be parked", async () => {
    const { streams } = await owner.operate({ action: "parked" });
    return JSON.stringify(streams).includes("inventory-rotten") ? true : undefined;
  });
};

const [name] = process.argv.slice(2);
if (name === undefined || !/^[a-z0-9.-]+$/.test(name)) {
  process.stderr.write(
    "name the recording: npx tsx test/shop/stored/record.ts NAME (of a-z, 0-9, dots and dashes)\n",
  );
  process.exit(2);
}
for (const engine of ["auto", "choreography"]) {
  const folder = mkdtempSync(join(tmpdir(), "stored-"));
  const data = join(folder, "data");
  try {
    const run = npmStart(["--port", "0", "--data", data, "--quiet", "--saga", engine]);
    await play(await run.ready);
    run.kill("SIGKILL");
    await run.ended;
    const file = join(import.meta.dirname, "../../stored", `${name}-${engine}.tar.gz`);
    execFileSync("tar", ["-czf", file, "-C", folder, "--exclude", "data/lock", "data"]);
    process.stdout.write(`${file}\n`);
  } finally {
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
