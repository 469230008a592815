/** The client on a network that loses answers: a proxy in front of the engine. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { dynamoClient } from "../../../lib/adapters/dynamodb/client.ts";
import { dynamoEventStore } from "../../../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoInstances } from "../../../lib/adapters/dynamodb/instances/instances.ts";
import { dynamoLedger } from "../../../lib/adapters/dynamodb/ledger.ts";
import { commit } from "../../../lib/testing/contracts/samples/commit.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";
import { type Engine, engine, tables } from "./engine.ts";

let started: Engine;
let proxy: Server | undefined;

beforeAll(async () => {
  started = await engine();
});

afterAll(() => started.stop());

afterEach(() => {
  proxy?.closeAllConnections();
  proxy?.close();
  vi.unstubAllEnvs();
});

/** The fault of the first answer. The second answer passes. */
type Loss = "the connection breaks" | "nothing comes";

const losing = async (loss: Loss) => {
  const { endpoint, credentials } = started.client.config;
  const target = await endpoint?.();
  const { accessKeyId, secretAccessKey } = await credentials();
  if (!target) throw new Error("the engine has no endpoint");
  let requests = 0;
  proxy = createServer(async (request, response) => {
    requests += 1;
    const isFirst = requests === 1;
    const body = Buffer.concat(await request.toArray());
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === "string" &&
        (name === "authorization" || name.startsWith("x-amz") || name === "content-type")
          ? [[name, value]]
          : [],
      ),
    );
    const answer = await fetch(`http://${target.hostname}:${target.port}/`, {
      method: "POST",
      headers,
      body,
    });
    if (isFirst && loss === "the connection breaks") request.socket.destroy();
    if (isFirst) return;
    response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  const server = proxy;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `http://127.0.0.1:${port}`);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
  return { client: dynamoClient(), requests: () => requests };
};

test.each(["the connection breaks", "nothing comes"] as const)(
  "an append whose answer is lost, for %s, is retried: a conflict whose winner is the commit itself",
  async (loss) => {
    const { client, requests } = await losing(loss);
    const stored = commit(`order-${loss.length}`, 1);
    const store = dynamoEventStore(client, tables.events);
    expect(await store.append(stored)).toEqual({ kind: "conflict", winner: stored });
    expect(requests()).toBe(2);
    client.destroy();
  },
);

test("an append to a history whose answer is lost is retried: the event is stored once, and the answer has it", async () => {
  const { client } = await losing("the connection breaks");
  const item = await dynamoInstances(client, tables.instances).append("checkout/1", [recordedEvent(1)]);
  expect(item.history).toEqual([recordedEvent(1)]);
  client.destroy();
});

test("a claim whose answer is lost is busy until its own lease ends", async () => {
  const { client } = await losing("the connection breaks");
  const ledger = dynamoLedger(client, tables.ledger);
  const now = new Date("2026-02-03T04:05:06.789Z");
  expect(await ledger.claim("mail/order-1@1", now, 60)).toEqual({ kind: "busy" });
  expect(await ledger.claim("mail/order-1@1", new Date(now.getTime() + 60_000), 60)).toEqual({
    kind: "claimed",
  });
  client.destroy();
});
