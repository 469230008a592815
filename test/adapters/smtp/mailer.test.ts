import { afterEach, expect, test } from "vitest";
import { smtpMailer } from "../../../lib/adapters/smtp/mailer.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import { mailerContract } from "../../../lib/testing/contracts/mailer.ts";
import { mailIn } from "./mime.ts";
import { type Answers, type SmtpServer, smtpServer } from "./smtp-server.ts";

const running = new Set<SmtpServer>();
afterEach(async () => {
  for (const { stop } of running) await stop();
  running.clear();
});

const start = async (answers: Answers = {}) => {
  const server = await smtpServer(answers);
  running.add(server);
  return { ...server, mailer: smtpMailer({ url: () => server.url, from: () => "Shop <shop@example.com>" }) };
};

mailerContract("by SMTP", async () => {
  const { mailer, taken } = await start();
  return {
    mailer,
    taken: async () => taken.map(mailIn).map(({ to, subject, text, html }) => ({ to, subject, text, html })),
  };
});

const mail = { key: "one", to: "vinet@example.com", subject: "Hello", text: "Hello.", html: "<p>Hello.</p>" };

test("a mail that is sent again has the same Message-ID, and no other mail has it", async () => {
  const { mailer, taken } = await start();
  for (const key of ["send-confirmation/order-1@2", "send-confirmation/order-1@2", "a (b) ü"])
    await mailer.send({ ...mail, key });
  expect(taken.map((message) => mailIn(message).messageId)).toEqual([
    "<send-confirmation%2Forder-1%402@example.com>",
    "<send-confirmation%2Forder-1%402@example.com>",
    "<a%20%28b%29%20%C3%BC@example.com>",
  ]);
});

test("a mail is from the address of the application, under its name", async () => {
  const { mailer, taken } = await start();
  await mailer.send(mail);
  expect(taken.map((message) => mailIn(message).from)).toEqual(["Shop <shop@example.com>"]);
});

test("a subject cannot become a header, nor a line with a dot the end of a mail", async () => {
  const { mailer, taken } = await start();
  const text = "one\n.\ntwo\n..three";
  await mailer.send({ ...mail, subject: "Hello\r\nBcc: other@example.com", text });
  expect(taken.map(mailIn)).toMatchObject([{ subject: "Hello Bcc: other@example.com", text }]);
  expect(taken[0]).not.toMatch(/^Bcc:/m);
});

test.each([
  ["refuses the sender", { MAIL: "550 no such sender" }, "550 no such sender"],
  ["refuses the recipient", { RCPT: "550 no such box" }, "550 no such box"],
  ["asks to retry later", { RCPT: "451 greylisted" }, "451 greylisted"],
  ["refuses the message", { ".": "554 spam" }, "554 spam"],
  ["dies before it has the message", { DATA: "hang up" }, "closed"],
  ["dies before it confirms the message", { ".": "hang up" }, "closed"],
])("a server that %s makes it throw", async (_, answers, message) => {
  const { mailer, taken } = await start(answers);
  await expect(mailer.send(mail)).rejects.toThrow(message);
  expect(taken).toEqual([]);
});

test("an unreachable server makes it throw", async () => {
  const { mailer, stop } = await start();
  await stop();
  await expect(mailer.send(mail)).rejects.toThrow("ECONNREFUSED");
});

test("a password is sent to no server without TLS", async () => {
  const { url } = await start();
  const withPassword = url.replace("smtp://", "smtp://user:secret@");
  const mailer = smtpMailer({ url: () => withPassword, from: () => "shop@example.com" });
  await expect(mailer.send(mail)).rejects.toThrow(/TLS/);
});

test.each([
  ["550 no such mailbox", { RCPT: "550 no such mailbox" }],
  ["551 not here", { RCPT: "551 not here" }],
  ["552 too large", { ".": "552 message size exceeds the maximum" }],
  ["553 no such name", { RCPT: "553 mailbox name not allowed" }],
  ["554 spam", { ".": "554 no" }],
  ["555 parameters", { MAIL: "555 parameters not recognized" }],
])("a server that says %s refuses the mail permanently", async (_, answers) => {
  const { mailer } = await start(answers);
  await expect(mailer.send(mail)).rejects.toThrow(PermanentError);
});

test("a mail without a recipient is refused permanently", async () => {
  const { mailer } = await start();
  await expect(mailer.send({ ...mail, to: "" })).rejects.toThrow(PermanentError);
});

test.each([
  ["451 later", { RCPT: "451 later" }],
  ["530 sign in first", { MAIL: "530 authentication required" }],
  ["550 no relay", { RCPT: "550 relay access denied" }],
  ["500 what?", { DATA: "500 what?" }],
])("a server that says %s may accept it later", async (_, answers) => {
  const { mailer } = await start(answers);
  await expect(mailer.send(mail)).rejects.not.toThrow(PermanentError);
});
