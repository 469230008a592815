import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Guard } from "../../lib/constructs/http-api.ts";
import { legible } from "./rights.ts";
import { templateOf } from "./small-application.ts";

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

const jwt = { kind: "jwt", issuer: "https://issuer.example.com", audience: "jobs" } as const;

describe("a route is", () => {
  test("open if it is public, else for those who sign, where no issuer of tokens is known", () => {
    expect(accessOf({ kind: "iam" })).toEqual({
      "POST /jobs": "AWS_IAM",
      "GET /jobs/{id}": "NONE",
      "HEAD /jobs/{id}": "NONE",
      "GET /jobs/{id}/events": "AWS_IAM",
      "HEAD /jobs/{id}/events": "AWS_IAM",
      "POST /sagas/{saga}/{id}/resume": "AWS_IAM",
      $default: "NONE",
    });
  });

  test("open if it is public, else for tokens with its scope, where an issuer is known", () => {
    expect(accessOf(jwt)).toEqual({
      "POST /jobs": "JWT customer",
      "GET /jobs/{id}": "NONE",
      "HEAD /jobs/{id}": "NONE",
      "GET /jobs/{id}/events": "JWT operator",
      "HEAD /jobs/{id}/events": "JWT operator",
      "POST /sagas/{saga}/{id}/resume": "JWT operator",
      $default: "NONE",
    });
    templateOf(jwt).hasResourceProperties("AWS::ApiGatewayV2::Authorizer", {
      AuthorizerType: "JWT",
      JwtConfiguration: { Issuer: jwt.issuer, Audience: [jwt.audience] },
    });
  });

  test("open in any case where everything is asked to be", () => {
    expect(new Set(Object.values(accessOf({ kind: "open" })))).toEqual(new Set(["NONE"]));
  });
});

test("commands and decisions about sagas go to their functions, all else to a third, what no row is for too", () => {
  const targets = routesOf({ kind: "iam" }).map(({ RouteKey, Target }) => [RouteKey, legible(Target)]);
  expect(Object.fromEntries(targets)).toEqual({
    "POST /jobs": "integrations/HttpCommandIntegration",
    "GET /jobs/{id}": "integrations/HttpQueryIntegration",
    "HEAD /jobs/{id}": "integrations/HttpQueryIntegration",
    "GET /jobs/{id}/events": "integrations/HttpQueryIntegration",
    "HEAD /jobs/{id}/events": "integrations/HttpQueryIntegration",
    "POST /sagas/{saga}/{id}/resume": "integrations/HttpResumeIntegration",
    $default: "integrations/HttpQueryIntegration",
  });
});

test("requests come in payload format 2.0, by the only stage, which is always current", () => {
  const template = templateOf({ kind: "iam" });
  template.allResourcesProperties("AWS::ApiGatewayV2::Integration", {
    IntegrationType: "AWS_PROXY",
    PayloadFormatVersion: "2.0",
  });
  template.hasResourceProperties("AWS::ApiGatewayV2::Stage", { StageName: "$default", AutoDeploy: true });
});
