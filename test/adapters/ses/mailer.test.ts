import * as ses from "@aws-sdk/client-sesv2";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { sesMailer } from "../../../lib/adapters/ses/mailer.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import { mailerContract } from "../../../lib/testing/contracts/mailer.ts";

const client = new ses.SESv2Client({ region: "eu-central-1" });
const sesMock = mockClient(client);
const mailer = sesMailer(client, { from: () => "shop@example.com" });

const sent = () => sesMock.commandCalls(ses.SendEmailCommand).map(({ args: [{ input }] }) => input);

beforeEach(() => {
  sesMock.reset();
  sesMock.on(ses.SendEmailCommand).resolves({ MessageId: "1" });
});

mailerContract("of SES", async () => ({
  mailer,
  taken: async () =>
    sent().map(({ Destination, Content }) => ({
      to: Destination?.ToAddresses?.[0] ?? "",
      subject: Content?.Simple?.Subject?.Data ?? "",
      text: Content?.Simple?.Body?.Text?.Data ?? "",
      html: Content?.Simple?.Body?.Html?.Data ?? "",
    })),
}));

const mail = { key: "one", to: "vinet@example.com", subject: "Hello", text: "Hello.", html: "<p>Hello.</p>" };

test("a mail is sent in UTF-8, to one recipient, from the identity of the application", async () => {
  await mailer.send(mail);
  expect(sent()).toEqual([
    {
      FromEmailAddress: "shop@example.com",
      Destination: { ToAddresses: ["vinet@example.com"] },
      Content: {
        Simple: {
          Subject: { Data: "Hello", Charset: "UTF-8" },
          Body: {
            Text: { Data: "Hello.", Charset: "UTF-8" },
            Html: { Data: "<p>Hello.</p>", Charset: "UTF-8" },
          },
        },
      },
    },
  ]);
});

describe("a transient error of SES is thrown", () => {
  const faults = [
    ses.AccountSuspendedException,
    ses.LimitExceededException,
    ses.MailFromDomainNotVerifiedException,
    ses.NotFoundException,
    ses.SendingPausedException,
    ses.TooManyRequestsException,
  ];
  test.each(faults.map((each) => [each.name, each] as const))("%s", async (name, Fault) => {
    sesMock.on(ses.SendEmailCommand).rejects(new Fault({ message: `it is ${name}`, $metadata: {} }));
    await expect(mailer.send(mail)).rejects.toThrow(`it is ${name}`);
  });
});

const named = (name: string, message = "no", httpStatusCode = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

describe("a mail that SES never accepts is permanent", () => {
  test.each([
    named("MessageRejected", "Transaction failed: Address length is more than 320 characters long"),
    named("BadRequestException", "Illegal address"),
    named("Error", "no", 413),
  ])("%s", async (error) => {
    sesMock.on(ses.SendEmailCommand).rejects(error);
    await expect(mailer.send(mail)).rejects.toThrow(PermanentError);
  });

  test.each([
    named("MessageRejected", "Email address is not verified. The following identities failed the check"),
    named("BadRequestException", "The configuration set does not exist"),
    named("SomethingNew"),
  ])("but not %s, which an operator can fix", async (error) => {
    sesMock.on(ses.SendEmailCommand).rejects(error);
    await expect(mailer.send(mail)).rejects.toBe(error);
  });
});
