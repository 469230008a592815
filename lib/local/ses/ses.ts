/** AWS::SES::EmailIdentity and the service `ses`. Mails are not sent but stored in a mailbox that people can read. */
import * as z from "zod";
import type { DurableMap } from "../machine/journal.ts";
import { uniqueId } from "../machine/random.ts";
import { inputOf, propertiesOf } from "../service/properties.ts";
import { type MakeProvider, type Operation, ServiceError } from "../service/service.ts";

export type Mail = {
  /** Several addresses are joined with commas. */
  readonly to: string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  /** ISO 8601. */
  readonly sentAt: string;
  readonly messageId: string;
};

/** The mailbox is for people, so it keeps only the newest mails. */
const mailsMax = 10_000;

/** Every identity of the template counts as verified. */
const identityProperties = z.strictObject({
  EmailIdentity: z.string(),
  DkimAttributes: z.unknown().optional(),
  DkimSigningAttributes: z.unknown().optional(),
  FeedbackAttributes: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

const part = z.strictObject({ Data: z.string(), Charset: z.string().optional() });

const sendEmailSchema = z.strictObject({
  FromEmailAddress: z.string(),
  Destination: z.strictObject({ ToAddresses: z.array(z.string()).min(1).max(50) }),
  Content: z.strictObject({
    Simple: z.strictObject({
      Subject: part,
      Body: z.strictObject({ Text: part.optional(), Html: part.optional() }),
    }),
  }),
  EmailTags: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).optional(),
});

/** The address alone, also for `Shop <shop@example.com>`. */
const addressOf = (from: string): string => /<([^>]+)>\s*$/.exec(from)?.[1] ?? from.trim();

const domainOf = (address: string): string => address.split("@").at(-1)?.toLowerCase() ?? "";

const lastKeyOf = (mails: DurableMap<Mail>): number =>
  [...mails.entries()].reduce((last, [key]) => Math.max(last, Number(key)), 0);

export const mail: MakeProvider = (cloud, resources) => {
  const identities = new Set(
    resources
      .filter(({ type }) => type === "AWS::SES::EmailIdentity")
      .map((resource) => propertiesOf(resource, identityProperties).EmailIdentity.toLowerCase()),
  );
  const mails = cloud.journal.map<Mail>("mails");
  let lastKey = lastKeyOf(mails);

  /** An identity for the address has priority over one for its domain. */
  const identityOf = (from: string): string | undefined => {
    const address = addressOf(from).toLowerCase();
    return [address, domainOf(address)].find((identity) => identities.has(identity));
  };

  const arnOf = (identity: string) => `arn:aws:ses:${cloud.region}:${cloud.account}:identity/${identity}`;

  const sendEmail: Operation = {
    requires: ({ FromEmailAddress }) => {
      const from = String(FromEmailAddress);
      return [{ action: "ses:SendEmail", resource: arnOf(identityOf(from) ?? addressOf(from)) }];
    },
    run: (input) => {
      const { FromEmailAddress, Destination, Content } = inputOf(
        input,
        sendEmailSchema,
        "BadRequestException",
      );
      if (identityOf(FromEmailAddress) === undefined)
        throw new ServiceError(
          "MessageRejected",
          `Email address is not verified. The following identities failed the check in region ${cloud.region.toUpperCase()}: ${addressOf(FromEmailAddress)}`,
        );
      const { Subject, Body } = Content.Simple;
      const messageId = uniqueId();
      lastKey += 1;
      mails.set(String(lastKey).padStart(12, "0"), {
        to: Destination.ToAddresses.join(", "),
        subject: Subject.Data,
        ...(Body.Text && { text: Body.Text.Data }),
        ...(Body.Html && { html: Body.Html.Data }),
        sentAt: new Date(cloud.clock.now()).toISOString(),
        messageId,
      });
      const oldest = String(lastKey - mailsMax).padStart(12, "0");
      mails.delete(oldest);
      const message = `e-mail to ${Destination.ToAddresses.join(", ")}: ${Subject.Data}`;
      cloud.report({ source: "ses", level: "info", message });
      return { MessageId: messageId };
    },
  };

  return { services: [{ name: "ses", operations: { SendEmail: sendEmail } }] };
};
