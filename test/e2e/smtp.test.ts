/** The shop where mail goes by SMTP, to a server that is not part of the stack. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesize } from "../../bin/synthesize.ts";
import { mailIn } from "../adapters/smtp/mime.ts";
import { type SmtpServer, smtpServer } from "../adapters/smtp/smtp-server.ts";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

const outdir = mkdtempSync(join(tmpdir(), "shop-e2e-smtp-"));
let server: SmtpServer;
let shop: Shop;

beforeAll(async () => {
  server = await smtpServer();
  const context = { public: "true", mail: "smtp", smtp: server.url };
  shop = await startShop(synthesize({ context, outdir, validation: false }).assembly);
});

afterAll(async () => {
  await shop.stop();
  await server.stop();
  rmSync(outdir, { recursive: true });
});

test("a confirmed order is told to its customer, once", async () => {
  await shop.receive("fig", 5);
  await shop.place(orderOf("1", [{ sku: "fig", quantity: 2, unitPrice: 100 }]));
  await shop.waitForOrder("1", "confirmed");
  await shop.wait("a mail", () => (server.taken.length > 0 ? true : undefined));
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
