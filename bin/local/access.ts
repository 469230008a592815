/** Who may call the API that `npm start` runs: everyone, or clients with a token of the issuer on this machine. */
import { type IssuerFacts, issuerPaths } from "../../lib/local/issuer/issuer.ts";
import type { Shapes } from "../command-line/shapes.ts";

type Access = Extract<Shapes["start"], { kind: "ready" }>["access"];

const audience = "local";

/** The context keys that the template is synthesized with. */
export const accessContext = ({
  tokens,
  port,
}: {
  readonly tokens: boolean;
  readonly port: number;
}): Readonly<Record<string, string>> =>
  tokens ? { issuer: `http://127.0.0.1:${port}${issuerPaths.issuer}`, audience } : { public: "true" };

export const accessOf = (issuer: IssuerFacts | undefined): Access =>
  issuer ? { kind: "tokens", ...issuer } : { kind: "open" };

/** A line for a shell that sets TOKEN. It needs only curl and sed. */
const tokenLine = ({ tokens, scopes }: Pick<IssuerFacts, "tokens" | "scopes">): string => {
  const request = JSON.stringify({ subject: "ada", scopes });
  return `TOKEN=$(curl -s ${tokens} -d '${request}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;
};

export const accessWords = (access: Access): string =>
  access.kind === "open"
    ? "The API is open: every request is accepted. With --tokens, it requires a token."
    : `The API requires a token. Get one with every scope, in the shell that sends the requests:\n${tokenLine(access)}`;

/** The curl lines in a text, with the token if the API requires one. */
export const withToken = ({ kind }: Access, text: string): string =>
  kind === "open" ? text : text.replaceAll(/\bcurl (?=-|http)/g, 'curl -H "authorization: Bearer $TOKEN" ');
