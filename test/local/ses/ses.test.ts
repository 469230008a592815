import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Input } from "../../../lib/local/service/service.ts";
import { type Mail, mail } from "../../../lib/local/ses/ses.ts";
import { account, region, resource, type TestCloud, testCloud } from "../cloud.ts";

const identityArn = (identity: string) => `arn:aws:ses:${region}:${account}:identity/${identity}`;

describe("the mailbox", () => {
  let cloud: TestCloud;
  let folder: string;
  const start = async () => {
    cloud = await testCloud({
      providers: [[mail, "AWS::SES::EmailIdentity"]],
      resources: ["shop@example.com", "example.org"].map((EmailIdentity) =>
        resource("AWS::SES::EmailIdentity", EmailIdentity, { EmailIdentity }),
      ),
      journalFile: join(folder, "journal"),
    });
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "ses-"));
    await start();
  });
  afterEach(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true });
  });

  const send = (FromEmailAddress: string, more: Input = {}) =>
    cloud.call("ses", "SendEmail", {
      FromEmailAddress,
      Destination: { ToAddresses: ["ann@example.net"] },
      Content: {
        Simple: { Subject: { Data: "Thank you" }, Body: { Text: { Data: "text" }, Html: { Data: "<p>" } } },
      },
      EmailTags: [{ Name: "key", Value: "1" }],
      ...more,
    });
  const mails = () => [...cloud.journal.map<Mail>("mails").entries()];

  test("keeps sent e-mails in order, also over a restart", async () => {
    const answer = await send("shop@example.com");
    await cloud.stop();
    await start();
    await send("Shop <any@example.org>");
    expect(answer).toEqual({ MessageId: mails()[0]?.[1].messageId });
    expect(mails()[0]?.[1]).toEqual({
      to: "ann@example.net",
      subject: "Thank you",
      text: "text",
      html: "<p>",
      sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      messageId: expect.any(String),
    });
    expect(mails().map(([key]) => key)).toEqual(["000000000001", "000000000002"]);
    expect(cloud.reports.at(-1)?.message).toBe("e-mail to ann@example.net: Thank you");
  });

  test.each([
    ["shop@example.com", "shop@example.com"],
    ["Shop <Shop@Example.com>", "shop@example.com"],
    ["any@example.org", "example.org"],
  ])("from %s needs permission for the identity %s", async (from, identity) => {
    await send(from);
    expect(cloud.asked.at(-1)?.requirement).toEqual({
      action: "ses:SendEmail",
      resource: identityArn(identity),
    });
  });

  test("rejects a sender without a verified identity", async () => {
    await expect(send("other@example.com")).rejects.toMatchObject({
      code: "MessageRejected",
      message:
        "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: other@example.com",
    });
    expect(mails()).toEqual([]);
  });

  test("refuses a configuration set by name", async () => {
    await expect(send("shop@example.com", { ConfigurationSetName: "x" })).rejects.toThrow(
      'ConfigurationSetName = "x": does not run here',
    );
  });
});
