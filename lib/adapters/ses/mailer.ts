/** SES as the mailer. It has no idempotency key: if the answer is lost, the mail is sent again. */
import { type SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Mailer } from "../../ports/mailer.ts";
import { permanently } from "./errors.ts";

const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });

/** The sender is read when a mail is sent, so a function that sends no mail does not need the setting. */
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
