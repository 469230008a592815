/** AWS::ApiGatewayV2: an HTTP API with its stages, routes and Lambda integrations, as defined in the template. */
import * as z from "zod";
import { propertiesOf } from "../service/properties.ts";
import type { Resource } from "../service/service.ts";
import {
  type Authorization,
  authorizationOf,
  authorizationProperties,
  authorizersOf,
  type JwtAuthorizer,
} from "./authorization.ts";
import { type Cors, corsSchema } from "./cors.ts";

/** A segment of a route's path: a fixed text, a variable, or a variable that takes the rest of the path. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable" | "greedy"; readonly name: string };

export type Route = {
  /** `POST /orders`, `ANY /{path+}` or `$default`. */
  readonly key: string;
  /** Undefined for `$default`. The segments are undefined as well. */
  readonly method?: string;
  readonly segments?: readonly Segment[];
  readonly authorization: Authorization;
  readonly functionArn: string;
  readonly timeoutMilliseconds: number;
};

/** In requests per second, and requests. */
type Limits = { readonly rate: number; readonly burst: number };

export type Stage = {
  readonly name: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** For each route of the stage. */
  readonly limits?: Limits;
};

export type HttpApi = {
  readonly id: string;
  readonly cors?: Cors;
  readonly stages: readonly Stage[];
  readonly routes: readonly Route[];
};

const unused = z.unknown().optional();

const apiSchema = z.strictObject({
  Name: z.string(),
  ProtocolType: z.literal("HTTP"),
  CorsConfiguration: corsSchema.optional(),
  Description: unused,
  Tags: unused,
  IpAddressType: unused,
  DisableExecuteApiEndpoint: unused,
});

const limitsSchema = z
  .strictObject({
    ThrottlingRateLimit: z.number().min(0).optional(),
    ThrottlingBurstLimit: z.int().min(0).optional(),
    DetailedMetricsEnabled: unused,
  })
  .refine(
    (given) => (given.ThrottlingRateLimit === undefined) === (given.ThrottlingBurstLimit === undefined),
    "set both ThrottlingRateLimit and ThrottlingBurstLimit, or neither",
  )
  .transform(({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }): Limits | undefined =>
    rate === undefined || burst === undefined ? undefined : { rate, burst },
  );

const stageSchema = z.strictObject({
  ApiId: z.string(),
  StageName: z.string(),
  StageVariables: z.record(z.string(), z.string()).optional(),
  AutoDeploy: z.literal(true, "only stages with automatic deployment run here"),
  AccessLogSettings: unused,
  DefaultRouteSettings: limitsSchema.optional(),
  Description: unused,
  Tags: unused,
});

const integrationSchema = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal("AWS_PROXY"),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal("2.0"),
  TimeoutInMillis: z.number().min(50).max(30_000).default(30_000),
  ConnectionType: z.literal("INTERNET").optional(),
  IntegrationMethod: unused,
  Description: unused,
});

const routeSchema = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  ...authorizationProperties,
  OperationName: unused,
});

const segmentOf = (text: string): Segment => {
  const [, name, isGreedy] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: "text", text };
  return { kind: isGreedy ? "greedy" : "variable", name };
};

/** The ARN of the function. `uri` is the ARN, or the path that API Gateway uses to call Lambda. */
export const functionArnIn = (uri: string): string =>
  /:lambda:path\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(uri)?.[1] ?? uri;

/** What routes name, by its id. */
type Named = {
  readonly integrations: ReadonlyMap<string, Resource>;
  readonly authorizers: ReadonlyMap<string, JwtAuthorizer>;
};

const routeOf = (resource: Resource, { integrations, authorizers }: Named): Route => {
  const { RouteKey, Target, ...properties } = propertiesOf(resource, routeSchema);
  const integration = integrations.get(Target.replace(/^integrations\//, ""));
  if (!integration)
    throw new Error(`${resource.id}: property Target = ${Target}: there is no such integration`);
  const { IntegrationUri, TimeoutInMillis } = propertiesOf(integration, integrationSchema);
  const [method, path] = RouteKey.split(" ");
  return {
    key: RouteKey,
    ...(path !== undefined && { method, segments: path.split("/").slice(1).map(segmentOf) }),
    authorization: authorizationOf(resource.id, properties, authorizers),
    functionArn: functionArnIn(IntegrationUri),
    timeoutMilliseconds: TimeoutInMillis,
  };
};

/** The HTTP API of the template. Undefined if there is none. */
export const httpApiOf = (resources: readonly Resource[]): HttpApi | undefined => {
  const ofType = (type: string) =>
    resources.filter((resource) => resource.type === `AWS::ApiGatewayV2::${type}`);
  const [api, ...others] = ofType("Api");
  if (!api) return undefined;
  if (others.length > 0)
    throw new Error(
      `expected at most one HTTP API, found ${[api, ...others].map(({ id }) => id).join(", ")}`,
    );
  const { CorsConfiguration: cors } = propertiesOf(api, apiSchema);
  const integrations = new Map(ofType("Integration").map((integration) => [integration.name, integration]));
  const authorizers = authorizersOf(resources);
  return {
    id: api.name,
    ...(cors && { cors }),
    stages: ofType("Stage").map((stage) => {
      const { StageName, StageVariables, DefaultRouteSettings: limits } = propertiesOf(stage, stageSchema);
      return {
        name: StageName,
        ...(StageVariables && { variables: StageVariables }),
        ...(limits && { limits }),
      };
    }),
    routes: ofType("Route").map((route) => routeOf(route, { integrations, authorizers })),
  };
};
