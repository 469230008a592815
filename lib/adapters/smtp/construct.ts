/**
 * A function reaches an SMTP server by its URL and needs no right. A URL with a password belongs into Secrets Manager:
 * `{{resolve:secretsmanager:NAME}}` in its place is resolved when the stack is deployed and stands in no template.
 */
import type { Service } from "../../constructs/ports.ts";
import { variables } from "./settings.ts";

export const smtpResources =
  ({ sender, url }: { readonly sender: string; readonly url: string }): Service =>
  () => ({ environment: { [variables.from]: sender, [variables.url]: url }, statements: [] });
