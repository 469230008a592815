/** SES as the mailer of the functions. */
import { sesClient } from "../../lib/adapters/ses/client.ts";
import { sesMailer } from "../../lib/adapters/ses/mailer.ts";
import { mailFrom } from "../../lib/adapters/ses/settings.ts";

/** The mailer: e-mail with Amazon SES. */
export const mailer = () => sesMailer(sesClient(), { from: mailFrom });
