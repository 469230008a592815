/** SES as the mailer. It knows no idempotency: a mail whose answer was lost is sent once more. */
import { type SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Mailer } from "../../ports/mailer.ts";
import { permanently } from "./errors.ts";

const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });

/** Whom mail is from is asked when it is sent: who never sends need not know. */
export const sesMailer = (client: SESv2Client, { from }: { readonly from: () => string }): Mailer => ({
  send: async ({ to, subject, text, html }) => {
    const mail = new SendEmailCommand({
      FromEmailAddress: from(),
      Destination: { ToAddresses: [to] },
      Content: { Simple: { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) } } },
    });
    await permanently(() => client.send(mail));
  },
});
