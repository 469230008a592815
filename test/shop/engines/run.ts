/**
 * `npm run test:engine`: npm start on a machine without the dynoxide package, but with Java and Maven, runs DynamoDB
 * Local. An order is confirmed, survives a kill -9, and is gone after --fresh. Exits with 77 if PATH has no Java or
 * Maven.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { obstacle } from "../../../lib/local/dynamodb/engine/dynamodb-local.ts";
import { shellEnvironment } from "../../bin/command-line.ts";
import { processesOn } from "../../e2e/npm-start.ts";
import { copyWithoutPackage } from "../../local/dynamodb/without-package.ts";
import { orderOf } from "../e2e/client.ts";

const nothingTested = 77;
const patienceMilliseconds = 180_000;

const waitFor = async (what: string, probe: () => Promise<boolean> | boolean): Promise<void> => {
  const deadline = performance.now() + patienceMilliseconds;
  while (!(await probe())) {
    assert(performance.now() < deadline, `waited ${patienceMilliseconds / 1000} s for ${what}`);
    await setTimeout(200);
  }
};

const { DYNOXIDE_BIN: _, ...env } = shellEnvironment();
const because = await obstacle(env);
if (because !== undefined) {
  process.stdout.write(`skipped: DynamoDB Local (${because})\n`);
  process.exit(nothingTested);
}

const copy = copyWithoutPackage(["bin", "lib", "lambdas", "package.json", "cdk.json", "tsconfig.json"]);
const data = join(copy, "data");
const running = new Set<ChildProcess>();

/** Returns the process and the URL of the API. */
const start = (...words: readonly string[]) =>
  new Promise<{ readonly child: ChildProcess; readonly url: string }>((resolve, reject) => {
    const given = ["--import", "tsx", "bin/local.ts", "--port", "0", "--data", data, ...words];
    const child = spawn(process.execPath, given, { cwd: copy, env, stdio: ["ignore", "pipe", "inherit"] });
    running.add(child);
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, url] = /^ready (\S+)$/m.exec(said) ?? [];
      if (url !== undefined) resolve({ child, url });
    });
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}: ${said}`)));
  });

const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
  await waitFor("the engine to end", () => processesOn(data).length === 0);
};

const post = async (url: string, key: string, body: unknown) => {
  const headers = { "content-type": "application/json", "idempotency-key": key };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 202, await answer.text());
};

const statusOf = async (url: string): Promise<unknown> => {
  const answer = await fetch(`${url}/orders/order-1`);
  const body: unknown = await answer.json().catch(() => undefined);
  return answer.status === 200 && typeof body === "object" && body && "status" in body
    ? body.status
    : answer.status;
};

try {
  const first = await start();
  assert(
    processesOn(data).some((command) => command.includes("java")),
    "expected DynamoDB Local to run",
  );
  await post(`${first.url}/stock/nut/receipts`, "receipt-1", { quantity: 10 });
  await post(
    `${first.url}/orders`,
    "order-1",
    orderOf("order-1", [{ sku: "nut", quantity: 2, unitPrice: 10 }]),
  );
  await waitFor("the order to be confirmed", async () => (await statusOf(first.url)) === "confirmed");
  await end(first.child, "SIGKILL");
  process.stdout.write("an order is confirmed, and a kill -9 leaves no engine\n");

  const second = await start();
  assert.equal(await statusOf(second.url), "confirmed");
  await end(second.child, "SIGTERM");
  process.stdout.write("the order survives the restart, and SIGTERM leaves no engine\n");

  const third = await start("--fresh", "--yes");
  assert.equal(await statusOf(third.url), 404);
  await end(third.child, "SIGTERM");
  process.stdout.write("--fresh deletes the order\n");
} finally {
  for (const child of running) child.kill("SIGTERM");
  rmSync(copy, { recursive: true, force: true });
}
