/** What `npm start` has acknowledged survives its process. If it cannot start, it says why. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { endAll, npmStart, processesOn } from "../../e2e/npm-start.ts";
import { ownerOf } from "../../e2e/owner.ts";
import { client, orderOf } from "./client.ts";
import { waitFor } from "./shop.ts";

const folder = mkdtempSync(join(tmpdir(), "shop-e2e-restart-"));

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

const ids = Array.from({ length: 20 }, (_, index) => `order-${index}`);
const isDeclined = (id: string) => ids.indexOf(id) % 5 === 4;
const keyOf = (id: string) => ({ "idempotency-key": `place-${id}` });
const bodyOf = (id: string) =>
  orderOf(
    id,
    [{ sku: "nut", quantity: 2, unitPrice: 10 }],
    isDeclined(id) ? "pm_card_chargeDeclined" : "pm_card_visa",
  );

test("after a kill during orders it continues, and SIGTERM leaves no process", async () => {
  const data = join(folder, "killed");
  const args = ["--port", "0", "--data", data, "--quiet"];
  const first = npmStart(args);
  const before = client(await first.ready, waitFor);
  expect(await before.receive("nut", 100)).toMatchObject({ status: 202 });
  const acknowledged: string[] = [];
  await Promise.allSettled(
    ids.map(async (id) => {
      const { status } = await before.place(bodyOf(id), keyOf(id));
      expect(status).toBe(202);
      acknowledged.push(id);
      if (acknowledged.length === ids.length / 2) first.kill("SIGKILL");
    }),
  );
  expect(await first.ended).toBe("SIGKILL");

  const second = npmStart(args);
  const after = client(await second.ready, waitFor);
  for (const id of acknowledged) expect((await after.audit(id))[0]).toMatchObject({ type: "OrderPlaced" });
  // Clients without a response send their request again, and wait for the lease of the killed function.
  for (const id of ids)
    await waitFor(`order ${id} to be accepted`, async () => {
      const { status, headers } = await after.place(bodyOf(id), keyOf(id));
      expect([status, headers.has("retry-after")]).toEqual(status === 202 ? [202, false] : [409, true]);
      return status === 202 ? true : undefined;
    });
  for (const id of ids)
    expect([id, await after.waitForSaga(id)]).toMatchObject([
      id,
      { status: isDeclined(id) ? "compensated" : "completed" },
    ]);

  await after.waitForStock("nut", { received: 100, reserved: 0, taken: 32, available: 68 });
  for (const id of ids) await after.waitForOrder(id, isDeclined(id) ? "cancelled" : "confirmed");
  const confirmed = ids.filter((id) => !isDeclined(id));
  await waitFor("an e-mail for each confirmed order", async () =>
    (await after.mails()).length >= confirmed.length ? true : undefined,
  );
  const mails = (await after.mails()).map(({ to }) => to);
  expect(mails.toSorted()).toEqual(confirmed.map((id) => `${id}@example.com`).toSorted());
  for (const id of ids)
    expect((await after.audit(id)).map(({ type }) => type)).toEqual([
      "OrderPlaced",
      isDeclined(id) ? "OrderCancelled" : "OrderConfirmed",
    ]);

  const payments = await (await ownerOf(after.url)).items("payments");
  expect(payments.map(({ status }) => status?.S).toSorted()).toEqual([
    ...confirmed.map(() => "authorized"),
    ...ids.filter(isDeclined).map(() => "declined"),
  ]);

  second.kill("SIGTERM");
  expect(await second.ended).toBe(0);
  // Once when it is ready, and once at the end.
  const memory = second.said.stdout.match(/^took \d+ MB of memory at most, without the DynamoDB engine$/gm);
  expect(memory).toHaveLength(2);
  expect(second.said.stderr).toBe("");
  await waitFor("its processes to be gone", () => (processesOn(data).length === 0 ? true : undefined));
});

const garbage = "this is\nnot what it should be\n".repeat(400);

const withGarbageIn = (file: string): string => {
  const data = join(folder, file);
  mkdirSync(data);
  writeFileSync(join(data, file), garbage);
  return data;
};

describe.concurrent("if it cannot start, it says why in one line", () => {
  const failing = async (args: readonly string[], environment: NodeJS.ProcessEnv, why: string) => {
    const run = npmStart(args, environment);
    expect(await run.ended).toBe(1);
    expect(run.said.stderr).toMatch(/^.+\n$/);
    expect(run.said.stderr).toContain(why);
    expect(run.said.stdout).toBe("");
  };

  test("a busy port", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      }),
    );
    const args = ["--port", `${port}`, "--data", join(folder, "busy")];
    await failing(args, {}, `port ${port} is in use: choose another one with --port`);
    server.close();
  });

  test.each(["journal.jsonl", "dynamodb.sqlite"])("a corrupt %s", async (file) => {
    const data = withGarbageIn(file);
    await failing(["--port", "0", "--data", data], {}, join(data, file));
    expect(processesOn(data)).toEqual([]);
  });

  test("a data folder that cannot be created", async () => {
    const data = join("/proc", "nope");
    await failing(["--port", "0", "--data", data], {}, `cannot make the data folder ${data}`);
  });

  test("a data folder that is a file", async () => {
    const data = join(folder, "file");
    writeFileSync(data, "");
    await failing(["--port", "0", "--data", data], {}, `cannot make the data folder ${data}: it is a file`);
  });

  test("no engine", async () => {
    const missing = join(folder, "no-such-engine");
    const args = ["--port", "0", "--data", join(folder, "engine")];
    await failing(args, { DYNOXIDE_BIN: missing }, `DYNOXIDE_BIN=${missing}: there is no such file`);
  });

  test("a port that is not a number", async () => {
    const run = npmStart(["--port", "http"]);
    expect(await run.ended).toBe(2);
    expect(run.said.stderr).toBe(
      "--port: expected a whole number from 0 to 65535, got http\n\n--help lists the options\n",
    );
  });

  test("--help prints the options and starts nothing", async () => {
    const run = npmStart(["--help"]);
    expect(await run.ended).toBe(0);
    for (const option of ["--port", "--data", "--fresh", "--quiet"])
      expect(run.said.stdout).toContain(option);
  });
});
