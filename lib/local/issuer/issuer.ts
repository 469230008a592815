/**
 * A token issuer on this machine. The JWT authorizers of a template accept its tokens if they name it. Every client gets a
 * token with the subject and the scopes that it asks for. The discovery document and the key set are under the issuer's
 * URL.
 */
import { authorizersOf } from "../http-api/authorization.ts";
import type { Clock } from "../machine/clock.ts";
import type { Journal } from "../machine/journal.ts";
import { uniqueId } from "../machine/random.ts";
import type { Resource } from "../service/service.ts";
import { algorithm, signingKey } from "./signing-key.ts";
import { tokenRequestIn } from "./token-request.ts";

/** The paths of the issuer on the port for clients. The first is the path of its URL. */
export const issuerPaths = {
  issuer: "/_local",
  tokens: "/_local/tokens",
  discovery: "/_local/.well-known/openid-configuration",
  keys: "/_local/.well-known/jwks.json",
} as const;

/** What a client needs to get a token that the API accepts. */
export type IssuerFacts = {
  /** The issuer in each token. */
  readonly issuer: string;
  readonly audience: string;
  /** POST a subject and scopes to this URL. */
  readonly tokens: string;
  /** The scopes that routes of the template ask for. */
  readonly scopes: readonly string[];
};

type Issued =
  | {
      readonly kind: "issued";
      readonly answer: {
        readonly access_token: string;
        readonly token_type: "Bearer";
        readonly expires_in: number;
      };
    }
  | { readonly kind: "refused"; readonly because: string };

export type Issuer = {
  readonly facts: IssuerFacts;
  /** Answers the body of a request for a token. */
  readonly issue: (body: unknown) => Promise<Issued>;
  readonly discovery: () => unknown;
  readonly keySet: () => Promise<unknown>;
};

const scopesOf = (resources: readonly Resource[]): readonly string[] => {
  const named = resources
    .filter(({ type }) => type === "AWS::ApiGatewayV2::Route")
    .flatMap(({ properties: { AuthorizationScopes: scopes } }) => (Array.isArray(scopes) ? scopes : []));
  return [...new Set(named.map(String))].toSorted();
};

/** The audience is the first one of the authorizer. Throws if no authorizer of the template names this issuer. */
const factsOf = (url: string, resources: readonly Resource[]): IssuerFacts => {
  const issuer = `${url}${issuerPaths.issuer}`;
  const authorizers = [...authorizersOf(resources).values()];
  const [audience] = authorizers.find((each) => each.issuer === issuer)?.audience ?? [];
  if (audience === undefined)
    throw new Error(
      `no JWT authorizer of the template has the issuer ${issuer}, so the API would accept none of its tokens: synthesize the template with this issuer`,
    );
  return { issuer, audience, tokens: `${url}${issuerPaths.tokens}`, scopes: scopesOf(resources) };
};

type Given = {
  /** The URL of the API. */
  readonly url: string;
  readonly resources: readonly Resource[];
  readonly journal: Journal;
  readonly clock: Pick<Clock, "now">;
};

export const localIssuer = ({ url, resources, journal, clock }: Given): Issuer => {
  const facts = factsOf(url, resources);
  const key = signingKey(journal);

  const issue: Issuer["issue"] = async (body) => {
    const parsed = tokenRequestIn(body);
    if (parsed.kind === "refused") return parsed;
    const { subject, scopes, expiresIn, audience = facts.audience, issuer = facts.issuer } = parsed.request;
    const { SignJWT } = await import("jose");
    const { kid, privateKey } = await key();
    const seconds = Math.floor(clock.now() / 1000);
    const token = await new SignJWT({ scope: scopes.join(" ") })
      .setProtectedHeader({ alg: algorithm, typ: "JWT", kid })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + expiresIn)
      .setJti(uniqueId())
      .sign(privateKey);
    return {
      kind: "issued",
      answer: { access_token: token, token_type: "Bearer", expires_in: expiresIn },
    };
  };

  return {
    facts,
    issue,
    discovery: () => ({
      issuer: facts.issuer,
      jwks_uri: `${url}${issuerPaths.keys}`,
      response_types_supported: ["token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: [algorithm],
    }),
    keySet: async () => {
      const { kid, publicKey } = await key();
      return { keys: [{ ...publicKey, kid, alg: algorithm, use: "sig" }] };
    },
  };
};
