import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { toOpenApi } from "../../../lib/compile/openapi/openapi.ts";
import type { Operation } from "../../../lib/compile/openapi/operation.ts";
import type { Guard } from "../../../lib/constructs/http-api/guard.ts";
import { shop } from "../../../lib/shop/shop.ts";
import { legible } from "../../constructs/rights.ts";
import { application, templateOf } from "../../library/fixtures/small-library.ts";

const routes = z.record(
  z.string(),
  z.object({
    Properties: z.object({
      RouteKey: z.string(),
      AuthorizationType: z.string(),
      AuthorizationScopes: z.array(z.string()).default([]),
      Target: z.unknown(),
    }),
  }),
);

const routesOf = (guard: Guard) =>
  Object.values(routes.parse(templateOf(guard).findResources("AWS::ApiGatewayV2::Route"))).map(
    ({ Properties }) => Properties,
  );

const accessOf = (guard: Guard) =>
  Object.fromEntries(
    routesOf(guard).map(({ RouteKey, AuthorizationType, AuthorizationScopes }) => [
      RouteKey,
      [AuthorizationType, ...AuthorizationScopes].join(" "),
    ]),
  );

const jwt = { kind: "jwt", issuer: "https://issuer.example.com", audience: "library" } as const;

describe("a route is", () => {
  test("open if it is public, otherwise for signed requests, without a token issuer", () => {
    expect(accessOf({ kind: "iam" })).toEqual({
      "POST /loans": "AWS_IAM",
      "GET /loans/{loanId}": "NONE",
      "HEAD /loans/{loanId}": "NONE",
      "GET /loans/{loanId}/events": "AWS_IAM",
      "HEAD /loans/{loanId}/events": "AWS_IAM",
      "POST /sagas/{saga}/{id}/resume": "AWS_IAM",
      $default: "NONE",
    });
  });

  test("open if it is public, otherwise for tokens with its scope, with a token issuer", () => {
    expect(accessOf(jwt)).toEqual({
      "POST /loans": "JWT member",
      "GET /loans/{loanId}": "NONE",
      "HEAD /loans/{loanId}": "NONE",
      "GET /loans/{loanId}/events": "JWT librarian",
      "HEAD /loans/{loanId}/events": "JWT librarian",
      "POST /sagas/{saga}/{id}/resume": "JWT librarian",
      $default: "NONE",
    });
    templateOf(jwt).hasResourceProperties("AWS::ApiGatewayV2::Authorizer", {
      AuthorizerType: "JWT",
      JwtConfiguration: { Issuer: jwt.issuer, Audience: [jwt.audience] },
    });
  });

  test("open if the whole API is open", () => {
    expect(new Set(Object.values(accessOf({ kind: "open" })))).toEqual(new Set(["NONE"]));
  });
});

test("commands and decisions about sagas have their own functions; all other requests, also unknown ones, have a third", () => {
  const targets = routesOf({ kind: "iam" }).map(({ RouteKey, Target }) => [RouteKey, legible(Target)]);
  expect(Object.fromEntries(targets)).toEqual({
    "POST /loans": "integrations/HttpCommandIntegration",
    "GET /loans/{loanId}": "integrations/HttpQueryIntegration",
    "HEAD /loans/{loanId}": "integrations/HttpQueryIntegration",
    "GET /loans/{loanId}/events": "integrations/HttpQueryIntegration",
    "HEAD /loans/{loanId}/events": "integrations/HttpQueryIntegration",
    "POST /sagas/{saga}/{id}/resume": "integrations/HttpResumeIntegration",
    $default: "integrations/HttpQueryIntegration",
  });
});

test.each([jwt, { kind: "iam" } as const, { kind: "open" } as const])(
  "the function that serves the API's document knows the guard $kind",
  (guard) => {
    templateOf(guard).hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: Match.objectLike({ API_GUARD: guard.kind }) },
    });
  },
);

test("requests have payload format 2.0, and the only stage is deployed automatically", () => {
  const template = templateOf({ kind: "iam" });
  template.allResourcesProperties("AWS::ApiGatewayV2::Integration", {
    IntegrationType: "AWS_PROXY",
    PayloadFormatVersion: "2.0",
  });
  template.hasResourceProperties("AWS::ApiGatewayV2::Stage", { StageName: "$default", AutoDeploy: true });
});

describe("CORS", () => {
  const origins = ["https://shop.example", "https://admin.example"];
  const configured = (guard: Guard) => {
    const [api] = Object.values(templateOf(guard, { origins }).findResources("AWS::ApiGatewayV2::Api"));
    return api?.Properties.CorsConfiguration;
  };

  test("is off by default", () => {
    const [api] = Object.values(templateOf({ kind: "iam" }).findResources("AWS::ApiGatewayV2::Api"));
    expect(api?.Properties).not.toHaveProperty("CorsConfiguration");
  });

  test("lets pages of the origins send and read the API's headers", () => {
    expect(configured(jwt)).toEqual({
      AllowOrigins: origins,
      AllowMethods: ["GET", "HEAD", "POST"],
      AllowHeaders: [
        ...["authorization", "content-type", "idempotency-key", "if-match", "if-none-match"],
        ...["traceparent", "x-correlation-id"],
      ],
      ExposeHeaders: ["accept-encoding", "allow", "etag", "location", "retry-after", "x-correlation-id"],
      MaxAge: 3600,
    });
  });

  test("lets them sign their requests if the API requires signatures", () => {
    expect(configured({ kind: "iam" }).AllowHeaders).toEqual([
      ...configured(jwt).AllowHeaders,
      ...["x-amz-content-sha256", "x-amz-date", "x-amz-security-token"],
    ]);
  });

  test("allows every header in the document of the API", () => {
    const documents = [shop, application].map((each) => toOpenApi(each));
    const operations = documents.flatMap(({ paths }) =>
      Object.values(paths).flatMap(Object.values<Operation>),
    );
    const { AllowHeaders, ExposeHeaders } = configured(jwt);
    const sent = operations.flatMap(({ parameters }) => parameters.filter((each) => each.in === "header"));
    const lower = (names: readonly string[]) => [...new Set(names.map((name) => name.toLowerCase()))];
    expect(AllowHeaders).toEqual(expect.arrayContaining(lower(sent.map(({ name }) => name))));
    const answered = operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ headers = {} }) => Object.keys(headers)),
    );
    // Any page may read these.
    const safelisted = ["cache-control"];
    const needed = lower(answered).filter((name) => !safelisted.includes(name));
    expect(ExposeHeaders).toEqual(expect.arrayContaining(needed));
  });
});
