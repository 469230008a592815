import { expect, test } from "vitest";
import { mailboxPage } from "../../../lib/local/ses/mailbox-page.ts";
import type { Mail } from "../../../lib/local/ses/ses.ts";

const mail = (subject: string, more: Partial<Mail> = {}): Mail => ({
  to: "ann@example.com",
  subject,
  text: "Dear Ann",
  html: "<p>Dear Ann</p>",
  sentAt: "2026-01-01T00:00:00.000Z",
  messageId: subject,
  ...more,
});

const subjectsIn = (page: string) => [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, subject]) => subject);

test("an empty mailbox says so", () => {
  expect(mailboxPage([])).toContain("No mail has been sent.");
});

test("the newest e-mail comes first", () => {
  const page = mailboxPage([mail("one"), mail("two")]);
  expect(page).toContain("2 mails");
  expect(subjectsIn(page)).toEqual(["two", "one"]);
});

test("an e-mail shows its subject, recipient, time and text, and its HTML in a sandboxed frame", () => {
  const page = mailboxPage([mail("Hello")]);
  expect(page).toContain("<h2>Hello</h2>");
  expect(page).toContain(
    'to ann@example.com, <time datetime="2026-01-01T00:00:00.000Z">2026-01-01 00:00:00 UTC</time>',
  );
  expect(page).toContain("<pre>Dear Ann</pre>");
  expect(page).toContain(
    '<iframe sandbox title="HTML of Hello" srcdoc="&lt;p&gt;Dear Ann&lt;/p&gt;"></iframe>',
  );
});

test("the content of an e-mail does not become markup of the page", () => {
  const hostile = `"></iframe><script>alert('&')</script>`;
  const page = mailboxPage([mail(hostile, { to: hostile, text: hostile, html: hostile, sentAt: hostile })]);
  expect(page).not.toContain("<script");
  expect(page.match(/<\/iframe>/g)).toHaveLength(1);
});

test("an e-mail without text shows its HTML, and an e-mail without HTML shows its text", () => {
  const without = (part: "text" | "html") => mailboxPage([mail("Hello", { [part]: undefined })]);
  expect(without("text")).not.toContain("<pre>");
  expect(without("html")).not.toContain("<iframe");
});

test("if there are very many e-mails, the page shows the newest and says that there are more", () => {
  const page = mailboxPage(Array.from({ length: 201 }, (_, index) => mail(`${index}`)));
  expect(page).toContain("201 mails. This page shows the newest 200.");
  expect(subjectsIn(page).at(-1)).toBe("1");
});
