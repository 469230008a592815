import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { invoke } from "../../bin/operate/invoke.ts";
import { usage } from "../../bin/operate/usage.ts";
import { type Words, wordsOf } from "../../bin/operate/words.ts";
import type { Operation } from "../../lib/model/operations/operation.ts";
import { root, run } from "./command-line.ts";

const wordsIn = (line: string) => line.split(" ").filter((word) => word !== "");

const local = { kind: "local", url: "http://127.0.0.1:3000" };

test.each([
  [
    "resume checkout/1 --how retry",
    { operation: { action: "resume", sagaId: "checkout/1", how: "retry" }, place: local },
  ],
  [
    "resume checkout/1 --how skip --actor ada",
    { operation: { action: "resume", sagaId: "checkout/1", how: "skip", actor: "ada" }, place: local },
  ],
  ["parked", { operation: { action: "parked" }, place: local }],
  ["stuck", { operation: { action: "stuck" }, place: local }],
  [
    "parked --url http://localhost:4000/",
    { operation: { action: "parked" }, place: { kind: "local", url: "http://localhost:4000" } },
  ],
  [
    "redrive stock-level inventory-pear --function shop-Operate",
    {
      operation: { action: "redrive", projection: "stock-level", streamId: "inventory-pear" },
      place: { kind: "deployed", functionName: "shop-Operate" },
    },
  ],
  ["dead-letters", { operation: { action: "dead-letters" }, place: local }],
  [
    "dead-letters send-confirmation",
    { operation: { action: "dead-letters", handler: "send-confirmation" }, place: local },
  ],
  [
    "redrive send-confirmation",
    { operation: { action: "redrive-handler", handler: "send-confirmation" }, place: local },
  ],
  [
    "redrive send-confirmation --stream order-1",
    {
      operation: { action: "redrive-handler", handler: "send-confirmation", streamId: "order-1" },
      place: local,
    },
  ],
  [
    "republish order-1 --after 3",
    { operation: { action: "republish", streamId: "order-1", after: 3 }, place: local },
  ],
])("%s", (line, expected) => {
  expect(usage(wordsIn(line))).toEqual({ kind: "operation", ...expected });
});

test.each([
  ["", "expected a command, got none"],
  ["resum checkout/1", "there is no command resum"],
  ["resume", "resume: expected one saga and its id, such as checkout/1"],
  ["resume checkout --how retry", "resume: expected one saga and its id, such as checkout/1"],
  ["resume checkout/1 checkout/2 --how retry", "resume: expected one saga and its id, such as checkout/1"],
  ["resume checkout/1", "resume: add --how retry or --how skip"],
  ["resume checkout/1 --how again", "--how: expected retry or skip, got again"],
  ["parked stock-level", "parked: expected no arguments, got stock-level"],
  ["stuck checkout", "stuck: expected no arguments, got checkout"],
  ["parked --actor ada", "--actor is an option of resume only"],
  [
    "redrive",
    "redrive: expected a projection and a stream, such as stock-level inventory-pear, or a handler, such as send-confirmation",
  ],
  [
    "redrive stock-level inventory-pear --stream inventory-pear",
    "redrive: expected a projection and a stream, such as stock-level inventory-pear, or a handler, such as send-confirmation",
  ],
  ["resume checkout/1 --how retry --stream order-1", "--stream is an option of redrive only"],
  ["dead-letters one two", "dead-letters: expected one effect, saga or translator, or none for all"],
  ["republish", "republish: expected one stream, such as order-1"],
  ["republish order-1 --after now", "--after: expected a version, got now"],
  ["parked --after 1", "--after is an option of republish only"],
  ["parked --url localhost:3000", "--url: expected a URL such as http://127.0.0.1:3000, got localhost:3000"],
  [
    "parked --url http://localhost --function f",
    "--url names a local cloud, --function a deployed function: use one of them",
  ],
])("%s: the message names the mistake", (line, because) => {
  expect(usage(wordsIn(line))).toEqual({ kind: "wrong", because });
});

test("an unknown option is named", () => {
  expect(usage(["parked", "--quickly"])).toEqual({
    kind: "wrong",
    because: "there is no option --quickly",
  });
});

test("each command that the guide names exists", () => {
  const guide = join(root, "docs/guide");
  const named = readdirSync(guide)
    .flatMap((name) => [...readFileSync(join(guide, name), "utf8").matchAll(/eventfold operate ([a-z-]+)/g)])
    .map(([, command = ""]) => command);
  expect(named.length).toBeGreaterThan(10);
  const unknown = named.filter((command) => {
    const found = usage([command]);
    return found.kind === "wrong" && found.because === `there is no command ${command}`;
  });
  expect(unknown).toEqual([]);
});

const resume: Operation = { action: "resume", sagaId: "checkout/1", how: "retry" };
const republish: Operation = { action: "republish", streamId: "order-1", after: 0 };
const redrive: Operation = { action: "redrive", projection: "stock-level", streamId: "inventory-pear" };

test.each<readonly [Operation, unknown, boolean, string]>([
  [resume, { kind: "resumed", status: "running" }, true, "checkout/1 is resumed; its status is running\n"],
  [
    resume,
    { kind: "refused", because: "checkout/1 is completed, not parked" },
    false,
    "refused: checkout/1 is completed, not parked\n",
  ],
  [{ action: "parked" }, { kind: "parked", streams: [] }, true, "no saga is parked\nno stream is parked\n"],
  [{ action: "stuck" }, { kind: "stuck", sagas: [], removed: [] }, true, "no saga is stuck\n"],
  [redrive, { kind: "redriven" }, true, "stock-level has processed all events of inventory-pear\n"],
  [
    redrive,
    { kind: "parked-again" },
    false,
    "stock-level cannot process inventory-pear, which is parked again: npx eventfold operate parked shows the reason\n",
  ],
  [
    redrive,
    { kind: "failed" },
    false,
    "stock-level was busy or its table did not answer: run the command again\n",
  ],
  [republish, { kind: "republished", events: 5 }, true, "5 events of order-1 were published again\n"],
  [
    republish,
    { kind: "failed" },
    false,
    "the bus did not accept all events of order-1: run the command again\n",
  ],
])("the text for %j and %j", (operation, answer, done, text) => {
  expect(wordsOf(operation, answer)).toEqual({ done, text });
});

const saga = { saga: "checkout", id: "1", step: "complete", since: "2026-01-01T00:00:00.000Z" };

test("parked sagas are a table with the code and the sentence of the reason", () => {
  const parked = { ...saga, status: "parked", reasonCode: "not-reserved", reason: "complete rejected" };
  expect(wordsOf({ action: "parked" }, { kind: "parked", streams: [], sagas: [parked] }).text).toBe(
    [
      "PARKED SAGA  STEP      SINCE                     BECAUSE",
      "checkout/1   complete  2026-01-01T00:00:00.000Z  not-reserved: complete rejected",
      "no stream is parked\n",
    ].join("\n"),
  );
});

test("stuck sagas are a table with the last error; instances of a removed saga say what to do", () => {
  const failing = { ...saga, status: "running", lastError: { because: "TypeError: it broke" } };
  const silent = { ...saga, id: "22", status: "waiting" };
  const removed = [{ saga: "restock", id: "3" }];
  const answer = { kind: "stuck", sagas: [failing, silent], removed };
  expect(wordsOf({ action: "stuck" }, answer).text).toBe(
    [
      "STUCK SAGA   STEP      SINCE                     BECAUSE",
      "checkout/1   complete  2026-01-01T00:00:00.000Z  TypeError: it broke",
      "checkout/22  complete  2026-01-01T00:00:00.000Z  no error is recorded; see the log of its function",
      "WAITS FOR A REMOVED SAGA",
      "restock/3                 deploy saga restock again until the instance has ended\n",
    ].join("\n"),
  );
});

test("parked streams are a table; an error with several lines is shown on one", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const streams = [
    { consumer: "stock-level", streamId: "inventory-pear", version: 2, error: "Error: no\n  number", at },
    { consumer: "relay", streamId: "order-1", version: 10, error: "x".repeat(200), at },
  ];
  const { text } = wordsOf({ action: "parked" }, { kind: "parked", streams });
  expect(text).toBe(`no saga is parked
PARKED BY    STREAM          AT VERSION  SINCE                     BECAUSE
stock-level  inventory-pear  2           2026-01-01T00:00:00.000Z  Error: no number
relay        order-1         10          2026-01-01T00:00:00.000Z  ${"x".repeat(99)}…
`);
});

test("dead letters are a table with the payload below each row", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const letters = [
    {
      handler: "send-confirmation",
      streamId: "order-1",
      version: 2,
      eventType: "OrderConfirmed",
      at,
      because: "Error: no\n  such box",
      payload: '{"detail":{}}',
    },
    { handler: "checkout", at, payload: "garbage" },
  ];
  const { text } = wordsOf({ action: "dead-letters" }, { kind: "dead-letters", letters, more: true });
  expect(text).toBe(`HANDLER            STREAM   VERSION  EVENT           SINCE                     BECAUSE
send-confirmation  order-1  2        OrderConfirmed  2026-01-01T00:00:00.000Z  Error: no such box
  {"detail":{}}
checkout                                             2026-01-01T00:00:00.000Z  see the log of its function
  garbage
and more
`);
});

const redriveHandler: Operation = { action: "redrive-handler", handler: "send-confirmation" };

test.each<readonly [Operation, number, boolean, Words]>([
  [redriveHandler, 0, false, { done: true, text: "send-confirmation has no dead letters\n" }],
  [redriveHandler, 2, false, { done: true, text: "2 dead letters sent to send-confirmation again\n" }],
  [
    { ...redriveHandler, streamId: "order-1" },
    1,
    true,
    {
      done: false,
      text: "1 dead letter of order-1 sent to send-confirmation again; there are more: run the command again\n",
    },
  ],
])("%j that found %d, more: %s", (operation, count, more, words) => {
  expect(wordsOf(operation, { kind: "handler-redriven", count, more })).toEqual(words);
});

test("without dead letters the text says so", () => {
  const answer = { kind: "dead-letters", letters: [], more: false };
  expect(wordsOf({ action: "dead-letters" }, answer).text).toBe("there are no dead letters\n");
});

test("the answer of another function throws", () => {
  expect(() => wordsOf(resume, { statusCode: 200 })).toThrow(
    'this is not the answer of an operate function; check --function: {"statusCode":200}',
  );
});

/** The part of a local cloud that operators use: its resources, and one function. */
let answer: { readonly body: unknown; readonly failed?: boolean };
let asked: unknown[] = [];
const server = createServer((request, response) => {
  const send = (body: unknown, headers = {}) => {
    response.writeHead(200, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
  if (request.url === "/_local/resources")
    return send({ endpoint: url(), outputs: { OperateFunction: "shop-Operate" } });
  if (request.method === "GET") return send("hello");
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    asked.push([request.url, JSON.parse(Buffer.concat(chunks).toString())]);
    send(answer.body, answer.failed ? { "x-amz-function-error": "Unhandled" } : {});
  });
});
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(() => new Promise<void>((done) => void server.listen(0, "127.0.0.1", done)));
beforeEach(() => {
  asked = [];
});
afterAll(() => new Promise((done) => void server.close(done)));

test("the operate function of the local cloud is found and invoked", async () => {
  answer = { body: { kind: "resumed", status: "running" } };
  expect(await invoke({ kind: "local", url: url() }, resume)).toEqual(answer.body);
  expect(asked).toEqual([["/2015-03-31/functions/shop-Operate/invocations", resume]]);
});

test("a function that fails is an error", async () => {
  answer = { body: { errorType: "ZodError", errorMessage: "no such action" }, failed: true };
  await expect(invoke({ kind: "local", url: url() }, resume)).rejects.toThrow(
    "the function failed: ZodError: no such action",
  );
});

test("if nothing answers, the message says how to start", async () => {
  await expect(invoke({ kind: "local", url: "http://127.0.0.1:1" }, resume)).rejects.toThrow(
    "nothing answers at http://127.0.0.1:1: run npm start, or name a deployed function with --function",
  );
});

test("if something else answers, the message says so", async () => {
  await expect(invoke({ kind: "local", url: `${url()}/elsewhere` }, resume)).rejects.toThrow(
    /is not a local cloud with an operate function: check --url$/,
  );
});

test("the exit code is 1 if an operation is refused, 0 if it is done", async () => {
  answer = { body: { kind: "refused", because: "there is no saga checkout/1" } };
  const refused = await run("bin/operate.ts", ["resume", "checkout/1", "--how", "retry", "--url", url()]);
  expect(refused).toEqual({ code: 1, stdout: "refused: there is no saga checkout/1\n", stderr: "" });
  answer = { body: { kind: "parked", streams: [] } };
  const done = await run("bin/operate.ts", ["parked", "--url", url()]);
  expect(done).toEqual({ code: 0, stdout: "no saga is parked\nno stream is parked\n", stderr: "" });
});
