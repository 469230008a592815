/**
 * A function reaches an SMTP server by its URL and needs no permission. Store a URL with a password in Secrets
 * Manager and use `{{resolve:secretsmanager:NAME}}`: it is resolved at deployment, so the template does not contain
 * the password.
 */
import type { Service } from "../../constructs/ports.ts";
import { variables } from "./settings.ts";

/** Passes the URL of the server and the sender address to functions. */
export const smtpResources =
  ({ sender, url }: { readonly sender: string; readonly url: string }): Service =>
  () => ({ environment: { [variables.from]: sender, [variables.url]: url }, statements: [] });
