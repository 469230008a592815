/** What every mailer promises. */
import { describe, expect, test } from "vitest";
import type { Mail, Mailer } from "../../ports/mailer.ts";

export type MailerUnderTest = {
  readonly mailer: Mailer;
  /** What the transport has taken since, without its key. */
  readonly taken: () => Promise<readonly Omit<Mail, "key">[]>;
};

const message = {
  to: "vinet@example.com",
  subject: "Bestätigt ☕",
  text: "Your order is confirmed.",
  html: "<p>Your order is confirmed.</p>",
};

export const mailerContract = (name: string, make: () => Promise<MailerUnderTest>): void => {
  describe(`the mailer ${name}`, () => {
    test("resolves once the transport has taken the mail, as it was", async () => {
      const { mailer, taken } = await make();
      await mailer.send({ key: "one", ...message });
      expect(await taken()).toEqual([message]);
    });

    test("sends mails of different keys each", async () => {
      const { mailer, taken } = await make();
      await mailer.send({ key: "one", ...message });
      await mailer.send({ key: "two", ...message });
      expect(await taken()).toEqual([message, message]);
    });
  });
};
