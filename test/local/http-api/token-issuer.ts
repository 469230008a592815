/** A token issuer on this machine, whose keys a test changes, and a template whose routes ask for its tokens. */
import type { webcrypto } from "node:crypto";
import { createServer } from "node:http";
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";
import { type Declaration, httpApi, lambda, logs, role } from "../app.ts";

export const audience = "https://api.example";

/** Answers with its event. */
export const mirror =
  "export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });";

type RouteProperties = { readonly scopes?: readonly string[]; readonly source?: string };

/** Each route asks for a token with one of its scopes. A route without an entry is open. */
export const guardedApi = (
  issuer: string,
  routes: Readonly<Record<string, RouteProperties | undefined>>,
  source = "$request.header.Authorization",
): Record<string, Declaration> => {
  const api = httpApi("Mirror", Object.keys(routes));
  const guarded = Object.values(routes).map((route, number): [string, Declaration] => {
    const { Type = "", Properties } = api[`Route${number}`] ?? {};
    const guard = {
      AuthorizationType: "JWT",
      AuthorizerId: { Ref: "Authorizer" },
      ...(route?.scopes && { AuthorizationScopes: route.scopes }),
    };
    return [`Route${number}`, { Type, Properties: { ...Properties, ...(route && guard) } }];
  });
  return {
    Role: role("lambda.amazonaws.com", logs),
    Mirror: lambda("mirror", "Role", { Timeout: 10, MemorySize: 512 }),
    ...api,
    ...Object.fromEntries(guarded),
    Authorizer: {
      Type: "AWS::ApiGatewayV2::Authorizer",
      Properties: {
        ApiId: { Ref: "Api" },
        Name: "tokens",
        AuthorizerType: "JWT",
        IdentitySource: [source],
        JwtConfiguration: { Issuer: issuer, Audience: ["https://other.example", audience] },
      },
    },
  };
};

type Key = { readonly kid: string; readonly privateKey: webcrypto.CryptoKey; readonly publicKey: JWK };

const keyNamed = async (kid: string): Promise<Key> => {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return { kid, privateKey, publicKey: { ...(await exportJWK(publicKey)), kid, use: "sig" } };
};

export const tokenIssuer = async () => {
  const first = await keyNamed("first");
  let published: readonly JWK[] = [first.publicKey];
  let isDown = false;
  let keySetRequests = 0;
  const server = createServer((request, response) => {
    const url = `http://${request.headers.host}`;
    const isKeySet = request.url === "/keys";
    keySetRequests += isKeySet ? 1 : 0;
    const body = isKeySet ? { keys: published } : { issuer: url, jwks_uri: `${url}/keys` };
    response.writeHead(isDown ? 500 : 200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

  const sign = async (claims: JWTPayload, key: Key = first, header: Partial<JWTHeaderParameters> = {}) => {
    const { alg = "RS256" } = header;
    // The same key can sign with another algorithm.
    const signer = await importJWK({ ...(await exportJWK(key.privateKey)), alg });
    return new SignJWT(claims).setProtectedHeader({ alg, kid: key.kid, ...header }).sign(signer);
  };

  return {
    url,
    first,
    keyNamed,
    sign,
    /** From now on, these keys are published. */
    publish: (...keys: readonly Key[]) => {
      published = keys.map(({ publicKey }) => publicKey);
    },
    fail: (down: boolean) => {
      isDown = down;
    },
    keySetRequests: () => keySetRequests,
    stop: () => new Promise((resolve) => void server.close(resolve)),
  };
};
