/** The shop with SMTP as its mailer. The server is not part of the stack and may refuse e-mails. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { mailIn } from "../../adapters/smtp/mime.ts";
import { type SmtpServer, smtpServer } from "../../adapters/smtp/smtp-server.ts";
import { run } from "../../bin/command-line.ts";
import { project } from "../project.ts";
import { changedAssembly } from "./changed-assembly.ts";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

const outdir = mkdtempSync(join(tmpdir(), "shop-e2e-smtp-"));
const answers: Record<string, string> = {};
let server: SmtpServer;
let changed: ReturnType<typeof changedAssembly>;
let shop: Shop;

beforeAll(async () => {
  server = await smtpServer(answers);
  const context = { public: "true", mail: "smtp", smtp: server.url };
  const { assembly } = synthesize(project, { context, outdir, validation: false });
  changed = changedAssembly((resources) => {
    for (const [id, { Properties }] of Object.entries(resources))
      if (/SendConfirmation.*Queue/.test(id) && Properties.RedrivePolicy)
        Properties.RedrivePolicy.maxReceiveCount = 1;
  }, assembly);
  shop = await startShop(changed.assembly);
});

afterAll(async () => {
  await shop?.stop();
  await server.stop();
  changed?.done();
  rmSync(outdir, { recursive: true });
});

const operate = (...words: readonly string[]) => run("bin/operate.ts", [...words, "--url", shop.url]);

test("the customer of a confirmed order gets one e-mail", async () => {
  await shop.receive("fig", 5);
  await shop.place(orderOf("1", [{ sku: "fig", quantity: 2, unitPrice: 100 }]));
  await shop.waitForOrder("1", "confirmed");
  await shop.wait("an e-mail", () => (server.taken.length > 0 ? true : undefined));
  expect(server.taken.map(mailIn)).toMatchObject([
    {
      messageId: "<send-confirmation%2Forder-1%402@example.com>",
      from: "shop@example.com",
      to: "1@example.com",
      subject: "Your order 1",
      text: expect.stringContaining("We charge 2.00."),
    },
  ]);
  expect(shop.problems()).toEqual([]);
});

test("a refused e-mail is a dead letter with its reason, and is sent when it is redriven", async () => {
  answers.RCPT = "451 greylisted";
  await shop.receive("lime", 5);
  await shop.place(orderOf("2", [{ sku: "lime", quantity: 1, unitPrice: 100 }]));
  await shop.waitForOrder("2", "confirmed");
  const listed = await shop.wait("a dead letter", async () => {
    const { stdout } = await operate("dead-letters", "send-confirmation");
    return stdout.startsWith("HANDLER") ? stdout : undefined;
  });
  expect(listed).toMatch(/^send-confirmation +order-2 +2 +OrderConfirmed .*451 greylisted$/m);
  expect(listed).toContain('"email":"2@example.com"');

  delete answers.RCPT;
  const other = await operate("redrive", "send-confirmation", "--stream", "order-1");
  expect(other).toMatchObject({ code: 0, stdout: "send-confirmation has no dead letters of order-1\n" });
  const own = await operate("redrive", "send-confirmation", "--stream", "order-2");
  expect(own).toMatchObject({
    code: 0,
    stdout: "1 dead letter of order-2 sent to send-confirmation again\n",
  });
  await shop.wait("its e-mail", () => (server.taken.length > 1 ? true : undefined));
  expect(server.taken.map((message) => mailIn(message).to)).toEqual(["1@example.com", "2@example.com"]);
  expect((await operate("dead-letters")).stdout).toBe("there are no dead letters\n");
});
