/** The contract of every mailer. */
import { describe, expect, test } from "vitest";
import type { Mail, Mailer } from "../../ports/mailer.ts";

/** A mailer, and what the contract needs to test it. */
export type MailerUnderTest = {
  readonly mailer: Mailer;
  /** The e-mails that the transport has accepted since, without their keys. */
  readonly taken: () => Promise<readonly Omit<Mail, "key">[]>;
};

const message = {
  to: "vinet@example.com",
  subject: "Bestätigt ☕",
  text: "Your order is confirmed.",
  html: "<p>Your order is confirmed.</p>",
};

/** Tests a mailer. `make` returns a new one for each test. */
export const mailerContract = (name: string, make: () => Promise<MailerUnderTest>): void => {
  describe(`the mailer ${name}`, () => {
    test("resolves once the transport has accepted the unchanged e-mail", async () => {
      const { mailer, taken } = await make();
      await mailer.send({ key: "one", ...message });
      expect(await taken()).toEqual([message]);
    });

    test("sends each of several e-mails with different keys", async () => {
      const { mailer, taken } = await make();
      await mailer.send({ key: "one", ...message });
      await mailer.send({ key: "two", ...message });
      expect(await taken()).toEqual([message, message]);
    });
  });
};
