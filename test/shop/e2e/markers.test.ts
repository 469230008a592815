/**
 * Markers in the place of secrets and of content, in a shop in which much goes wrong.
 *
 * - A secret lets its owner act: a password, a token, a cookie, a signature, an idempotency key, a variable of the shell. It
 *   is in no template, no file of the assembly, no log, no answer, and in no reason of a dead letter.
 * - Content is what people send: names, addresses, means of payment, reasons. It is in events, rows, mail and the payload of
 *   dead letters, because the application needs it. It is in no log and in no answer about a problem.
 *
 * Ids, fields and routes are neither: they are in the log, so that operators find what happened.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { type SmtpServer, smtpServer } from "../../adapters/smtp/smtp-server.ts";
import { project } from "../project.ts";
import { changedAssembly } from "./changed-assembly.ts";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

/** They are short, because an error of JSON.parse quotes ten characters. */
const secret = "zqs7";
const content = "zqc7";

/** Variables of a shell in which a developer or a CI deploys. */
const shell = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "KAFKA_PASSWORD", "SMTP_URL", "NPM_TOKEN"];

const outdir = mkdtempSync(join(tmpdir(), "shop-e2e-markers-"));
let server: SmtpServer;
let changed: ReturnType<typeof changedAssembly>;
let shop: Shop;

beforeAll(async () => {
  for (const name of shell) vi.stubEnv(name, `${secret}-${name}`);
  vi.stubEnv("AMQP_URL", `amqps://user:${secret}@mq.example.com`);
  const context = { public: "true", mail: "smtp", smtp: "{{resolve:secretsmanager:smtp}}" };
  const { assembly } = synthesize(project, { context, outdir, validation: false });
  vi.unstubAllEnvs();
  server = await smtpServer();
  changed = changedAssembly((resources) => {
    for (const [id, { Properties }] of Object.entries(resources)) {
      if (/SendConfirmation.*Queue/.test(id) && Properties.RedrivePolicy)
        Properties.RedrivePolicy.maxReceiveCount = 1;
      if (Properties.Environment?.Variables.SMTP_URL)
        Properties.Environment.Variables.SMTP_URL = server.url.replace("//", `//user:${secret}@`);
    }
  }, assembly);
  shop = await startShop(changed.assembly);
  await play();
});

afterAll(async () => {
  await shop?.stop();
  await server.stop();
  changed?.done();
  rmSync(outdir, { recursive: true });
});

const secretHeaders = {
  authorization: `Bearer ${secret}`,
  cookie: `session=${secret}`,
  "x-api-key": secret,
  "x-amz-security-token": secret,
};

const line = { sku: "fig", quantity: 1, unitPrice: 100 };

const order = (id: string, change: object = {}) => {
  const usual = orderOf(id, [line], `pm_${content}`);
  return {
    ...usual,
    customer: { ...usual.customer, name: `Ada ${content}`, email: `${content}@example.com` },
    shipTo: { ...usual.shipTo, street: `${content} Street` },
    ...change,
  };
};

type Sent = readonly [path: string, body?: unknown, headers?: Readonly<Record<string, string>>];

const badOrders = [
  order("bad", { customer: content }),
  order("bad", { customer: { id: "ada", name: `${content}\n`, email: content } }),
  order("bad", { lines: [{ ...line, quantity: content, unitPrice: `-${content}` }] }),
  order("bad", { shipTo: { street: content, city: [content], postalCode: content, country: { content } } }),
  order("bad", { discount: content }),
  `{"orderId": "bad", "paymentMethod": ${content}}`,
  `${content} is not JSON`,
];

const requests: readonly Sent[] = [
  ["/orders", order("1", { paymentMethod: "pm_card_visa" })],
  ["/orders", order("2"), { "idempotency-key": `${secret}-2` }],
  ["/orders", order("2"), { "idempotency-key": `${secret}-2` }],
  ["/orders", order("3"), { "idempotency-key": `${secret}-2` }],
  ["/orders", order("2", { lines: [{ ...line, quantity: 2 }] })],
  ...badOrders.map((body): Sent => ["/orders", body]),
  ["/orders", order("4"), { "content-type": content }],
  ["/orders", order("5"), { "idempotency-key": `${secret},${secret}` }],
  ["/orders/1/cancellation", { reason: content }, { "if-match": content }],
  ["/orders/9/cancellation", { reason: content }],
  ["/orders/1/return", { reason: content }],
  ["/sagas/checkout/9/resume", { how: content }],
  [`/orders?cursor=${content}`],
  [`/orders?unknown=${content}&limit=${content}`],
  [`/sagas?status=${content}`],
  ["/orders/1", undefined, { "if-none-match": content, traceparent: content }],
  ["/nothing"],
];

/** Everything that a client gets, as text: its own rows have content, which is no problem. */
const answers: { readonly status: number; readonly text: string }[] = [];

const play = async (): Promise<void> => {
  await shop.receive("fig", 5);
  for (const [path, body, headers] of requests) {
    const response = await fetch(`${shop.url}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", ...secretHeaders, ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = `${path} ${JSON.stringify([...response.headers])} ${await response.text()}`;
    answers.push({ status: response.status, text });
  }
  const queue = "AppEffectsSendConfirmationPerformQueue";
  await shop.owner.send(queue, `${content} is not JSON`);
  await shop.owner.send(
    queue,
    JSON.stringify({ source: content, "detail-type": content, detail: { content } }),
  );
  await shop.waitForOrder("1", "confirmed");
  await shop.waitForSaga("2");
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test("no template and no file of the assembly has a secret of the shell", () => {
  const files = filesIn(outdir);
  expect(files.filter((file) => file.endsWith(".template.json"))).toHaveLength(1);
  expect(files.filter((file) => readFileSync(file, "utf8").includes(secret))).toEqual([]);
});

test("dead letters have the content, and their reasons have neither a secret nor content", async () => {
  const deadLetters = await shop.wait("three dead letters", async () => {
    const { letters } = await shop.owner.operate({ action: "dead-letters", handler: "send-confirmation" });
    return Array.isArray(letters) && letters.length >= 3 ? letters : undefined;
  });
  const reasons = deadLetters.map(({ because }) => because);
  expect(JSON.stringify(deadLetters)).toContain(content);
  expect(reasons).toContainEqual(expect.stringContaining("STARTTLS"));
  expect(reasons).toContainEqual(expect.stringContaining("unreadable"));
  expect(JSON.stringify(deadLetters)).not.toContain(secret);
  expect(JSON.stringify(reasons)).not.toContain(content);
});

test("no answer has a secret, and no answer about a problem has content", () => {
  const statuses = new Set(answers.map(({ status }) => status));
  for (const status of [202, 400, 404, 409, 415, 422]) expect(statuses).toContain(status);
  expect(answers.filter(({ text }) => text.includes(secret))).toEqual([]);
  const problems = answers.filter(({ status }) => status >= 400);
  expect(problems.filter(({ text }) => text.slice(text.indexOf(" ")).includes(content))).toEqual([]);
});

test("no line of the log has a secret or content", () => {
  const lines = shop.reports.map((report) => JSON.stringify(report));
  expect(lines.filter((line) => line.includes("STARTTLS"))).not.toEqual([]);
  expect(lines.filter((line) => line.includes("is a dead letter"))).not.toEqual([]);
  expect(lines.filter((line) => line.includes(secret) || line.includes(content))).toEqual([]);
});
