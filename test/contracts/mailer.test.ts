import { expect, test } from "vitest";
import { memoryMailer } from "../../lib/adapters/memory/mailer.ts";
import { mailerContract } from "../../lib/testing/contracts/mailer.ts";

mailerContract("in memory", async () => {
  const mailer = memoryMailer();
  return { mailer, taken: async () => mailer.sent().map(({ key: _, ...message }) => message) };
});

test("the mailer in memory uses the key to send a mail once", async () => {
  const mailer = memoryMailer();
  const mail = { key: "one", to: "a@example.com", subject: "Hello", text: "Hello", html: "<p>Hello</p>" };
  await mailer.send(mail);
  await mailer.send(mail);
  expect(mailer.sent()).toEqual([mail]);
});
