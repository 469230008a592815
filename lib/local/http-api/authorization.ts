/** Who may call a route: everyone, callers who sign their requests, or callers with a token. */
import * as z from "zod";
import { propertiesOf } from "../service/properties.ts";
import type { Resource } from "../service/service.ts";

/** The part of a request that has the token. The name of a header is in lower case. */
export type IdentitySource = { readonly kind: "header" | "querystring"; readonly name: string };

export type JwtAuthorizer = {
  readonly issuer: string;
  /** A token is for at least one of these. */
  readonly audience: readonly string[];
  readonly identitySource: IdentitySource;
};

export type Authorization =
  | { readonly kind: "open" }
  | { readonly kind: "iam" }
  /** A token needs one of the scopes. Without scopes, every valid token is accepted. */
  | { readonly kind: "jwt"; readonly authorizer: JwtAuthorizer; readonly scopes: readonly string[] };

const sourceText = /^\$request\.(header|querystring)\.([^.]+)$/;

const authorizerSchema = z.strictObject({
  ApiId: z.string(),
  Name: z.string(),
  AuthorizerType: z.literal("JWT", "only JWT authorizers run here"),
  IdentitySource: z.tuple(
    [z.string().regex(sourceText, "expected $request.header.NAME or $request.querystring.NAME")],
    "expected one source",
  ),
  JwtConfiguration: z.strictObject({ Issuer: z.url(), Audience: z.array(z.string()).min(1) }),
});

const sourceOf = (text: string): IdentitySource => {
  const [, kind, name = ""] = sourceText.exec(text) ?? [];
  return kind === "querystring" ? { kind, name } : { kind: "header", name: name.toLowerCase() };
};

/** The JWT authorizers of the template, by their ids. */
export const authorizersOf = (resources: readonly Resource[]): ReadonlyMap<string, JwtAuthorizer> =>
  new Map(
    resources
      .filter(({ type }) => type === "AWS::ApiGatewayV2::Authorizer")
      .map((resource) => {
        const { IdentitySource, JwtConfiguration } = propertiesOf(resource, authorizerSchema);
        const { Issuer: issuer, Audience: audience } = JwtConfiguration;
        return [resource.name, { issuer, audience, identitySource: sourceOf(IdentitySource[0]) }];
      }),
  );

/** The properties of a route that say who may call it. */
export const authorizationProperties = {
  AuthorizationType: z.enum(["NONE", "AWS_IAM", "JWT"]).default("NONE"),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).default([]),
};

type Properties = {
  readonly AuthorizationType: "NONE" | "AWS_IAM" | "JWT";
  readonly AuthorizerId?: string | undefined;
  readonly AuthorizationScopes: readonly string[];
};

/** Throws if the route names an authorizer that the template does not have. `id` is the logical id of the route. */
export const authorizationOf = (
  id: string,
  { AuthorizationType, AuthorizerId, AuthorizationScopes: scopes }: Properties,
  authorizers: ReadonlyMap<string, JwtAuthorizer>,
): Authorization => {
  if (AuthorizationType === "NONE") return { kind: "open" };
  if (AuthorizationType === "AWS_IAM") return { kind: "iam" };
  const authorizer = authorizers.get(AuthorizerId ?? "");
  if (authorizer) return { kind: "jwt", authorizer, scopes };
  throw new Error(`${id}: property AuthorizerId = ${AuthorizerId}: there is no such JWT authorizer`);
};
