/**
 * The HTTP API: one route per row of the application, with the access that the row names, and for each GET route a HEAD
 * route with the same access. Routes that are not public are never open by default: without a token issuer they accept
 * signed requests only.
 */
import { Stack } from "aws-cdk-lib";
import { CfnApi, CfnAuthorizer, CfnIntegration, CfnRoute, CfnStage } from "aws-cdk-lib/aws-apigatewayv2";
import { CfnPermission } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { either } from "../../model/either.ts";
import { callersOf, type Route } from "../../model/http/route.ts";
import { acknowledge, type Reasons } from "../findings/acknowledge.ts";
import type { ApplicationFunction } from "../function.ts";
import { accessLogIn } from "./access-log.ts";
import { corsOf } from "./cors.ts";
import type { Guard } from "./guard.ts";
import { acceptedWith, routeSettingsOf, type Throttle } from "./throttle.ts";

/** The routes, their functions, and who may call them. */
export type HttpApiOptions = {
  readonly name: string;
  readonly routes: readonly Route[];
  /** The access names of the application. */
  readonly access: readonly string[];
  readonly guard: Guard;
  /** The origins whose pages may call the API from a browser. */
  readonly origins: readonly string[];
  /** Default: the limits of the account. */
  readonly throttle?: Throttle;
  readonly command: ApplicationFunction;
  readonly query: ApplicationFunction;
  readonly resume: ApplicationFunction;
};

type Authorization = Pick<
  ConstructorParameters<typeof CfnRoute>[2],
  "authorizationType" | "authorizerId" | "authorizationScopes"
>;

const openRoute = "AwsSolutions-APIG4";

const acceptedForDefaultRoute: Reasons = {
  [openRoute]: "It answers 404 to every request that matches no route of the application.",
};

const acceptedFor = ({ access }: Route, guard: Guard): Reasons => {
  if (guard.kind === "open") return { [openRoute]: "The deployment opens every route with public=true." };
  return access === "public" ? { [openRoute]: "The application declares the route public." } : {};
};

/** Without its own route, a HEAD request would match the default route, which is open. */
const routeKeysOf = ({ method, path }: Route): readonly string[] =>
  [method, ...(method === "GET" ? ["HEAD"] : [])].map((each) => `${each} ${path}`);

/** An authorizer without a scope would accept every token, so an access name that is missing or unknown throws. */
const scopesOf = (route: Route, known: readonly string[]): readonly string[] => {
  const scopes = callersOf(route);
  const unknown = scopes.findIndex((name) => !known.includes(name));
  if (unknown < 0) return scopes;
  throw new Error(
    `${route.method} ${route.path}: expected access to be ${either(known)}, got ${scopes[unknown] ?? "none"}; add access to the route`,
  );
};

/** The HTTP API and its functions. */
export class HttpApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, options: HttpApiOptions) {
    super(scope, id);
    const { name, routes, access, guard, origins, throttle, command, query, resume } = options;
    const corsConfiguration = corsOf(origins, routes, guard);
    const api = new CfnApi(this, "Api", { name, protocolType: "HTTP", corsConfiguration });
    const authorizationFor = this.authorizations(api.ref, guard);
    const toCommand = this.integration(api.ref, "Command", command);
    const toQuery = this.integration(api.ref, "Query", query);
    const toResume = this.integration(api.ref, "Resume", resume);
    const targetOf = (route: Route) => {
      if ("command" in route) return toCommand;
      return "sagas" in route && route.sagas === "resume" ? toResume : toQuery;
    };
    for (const route of routes)
      for (const routeKey of routeKeysOf(route)) {
        const scopes = scopesOf(route, access);
        const made = new CfnRoute(this, routeKey.replaceAll("/", " ").trimEnd(), {
          apiId: api.ref,
          routeKey,
          target: targetOf(route),
          ...authorizationFor(scopes),
        });
        acknowledge(made, acceptedFor(route, guard));
      }
    // Requests that match no route get a problem document too, like every other error.
    const defaultRoute = new CfnRoute(this, "Default route", {
      apiId: api.ref,
      routeKey: "$default",
      target: toQuery,
      ...authorizationFor(["public"]),
    });
    acknowledge(defaultRoute, acceptedForDefaultRoute);
    const stage = new CfnStage(this, "Stage", {
      apiId: api.ref,
      stageName: "$default",
      autoDeploy: true,
      accessLogSettings: accessLogIn(this),
      defaultRouteSettings: routeSettingsOf(throttle),
    });
    acknowledge(stage, acceptedWith(throttle));
    const { region, urlSuffix } = Stack.of(this);
    this.url = `https://${api.ref}.execute-api.${region}.${urlSuffix}`;
  }

  private integration(apiId: string, id: string, { arn }: ApplicationFunction): string {
    const integration = new CfnIntegration(this, `${id}Integration`, {
      apiId,
      integrationType: "AWS_PROXY",
      integrationUri: arn,
      payloadFormatVersion: "2.0",
    });
    new CfnPermission(this, `${id}Permission`, {
      action: "lambda:InvokeFunction",
      functionName: arn,
      principal: "apigateway.amazonaws.com",
      sourceArn: Stack.of(this).formatArn({ service: "execute-api", resource: apiId, resourceName: "*" }),
    });
    return `integrations/${integration.ref}`;
  }

  private authorizations(apiId: string, guard: Guard): (scopes: readonly string[]) => Authorization {
    const open = { authorizationType: "NONE" };
    if (guard.kind === "open") return () => open;
    const isPublic = (scopes: readonly string[]) => scopes.includes("public");
    if (guard.kind === "iam") return (scopes) => (isPublic(scopes) ? open : { authorizationType: "AWS_IAM" });
    const authorizer = new CfnAuthorizer(this, "Authorizer", {
      apiId,
      name: "tokens",
      authorizerType: "JWT",
      identitySource: ["$request.header.Authorization"],
      jwtConfiguration: { issuer: guard.issuer, audience: [guard.audience] },
    });
    return (scopes) =>
      isPublic(scopes)
        ? open
        : { authorizationType: "JWT", authorizerId: authorizer.ref, authorizationScopes: [...scopes] };
  }
}
