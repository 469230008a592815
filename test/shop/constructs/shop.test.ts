import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Template } from "aws-cdk-lib/assertions";
import { afterAll, expect, test } from "vitest";
import * as z from "zod";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { routesOf } from "../../../lib/model/application.ts";
import { shop } from "../../../lib/shop/shop.ts";
import { rightsOf } from "../../constructs/rights.ts";
import { project } from "../project.ts";

const outdir = mkdtempSync(join(tmpdir(), "shop-"));
afterAll(() => rmSync(outdir, { recursive: true }));

synthesize(project, { outdir });

const jsonIn = (file: string) => JSON.parse(readFileSync(join(outdir, file), "utf8"));
const template = Template.fromJSON(jsonIn(`${shop.name}.template.json`));

const roles = [
  "choreograph",
  "command",
  "inspect",
  "operate",
  "perform",
  "project",
  "query",
  "react",
  "relay",
  "repair",
  "resume",
  "saga-task",
  "translate",
];

test("the shop's template has no findings of the CloudFormation and AWS rules", () => {
  const report = z.object({ pluginReports: z.array(z.unknown()) }).parse(jsonIn("validation-report.json"));
  expect(report.pluginReports).toEqual([]);
});

test("there is no VPC and no broker, which would cost money while idle", () => {
  const { Resources } = z
    .object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) })
    .parse(template.toJSON());
  const types = Object.values(Resources).map(({ Type }) => Type);
  expect(types.filter((type) => /^AWS::(EC2|MSK|AmazonMQ|ElastiCache|RDS|ECS)::/.test(type))).toEqual([]);
  for (const { Properties } of Object.values(template.findResources("AWS::Lambda::Function")))
    expect(Properties).not.toHaveProperty("VpcConfig");
});

test("functions may start executions of the checkout, and not of the former Express machine of the restock", () => {
  const rights = Object.values(rightsOf(template)).flat();
  const starting = rights.filter((right) => /^(\*|states:(\*|Start))/.test(right));
  expect(new Set(starting)).toEqual(new Set(["states:StartExecution on SagasCheckoutMachine"]));
  const variables = JSON.stringify(template.toJSON()).match(/STATE_MACHINE_\w+/g);
  expect(new Set(variables)).toEqual(new Set(["STATE_MACHINE_CHECKOUT"]));
});

test("there is a function for each role, and for each saga, effect and translator", () => {
  const { sagas, effects, translators = [] } = shop;
  template.resourceCountIs(
    "AWS::Lambda::Function",
    8 + 2 * sagas.length + effects.length + translators.length,
  );
  const reads = routesOf(shop).filter(({ method }) => method === "GET");
  template.resourceCountIs("AWS::ApiGatewayV2::Route", routesOf(shop).length + reads.length + 1);
});

test("the assembly has the code of every role, and no other code", () => {
  expect(readdirSync(join(outdir, "bundles")).toSorted()).toEqual(roles);
  const { files } = z.object({ files: z.record(z.string(), z.unknown()) }).parse(jsonIn("shop.assets.json"));
  expect(Object.keys(files)).toHaveLength(roles.length + 1);
});

test("no statement has all resources", () => {
  for (const right of Object.values(rightsOf(template)).flat()) expect(right).not.toMatch(/ on \*$/);
});

test("only the payment effects have rights on the payment provider, and only the mail effect may send mail", () => {
  const holders = (part: string) =>
    Object.entries(rightsOf(template)).flatMap(([role, all]) =>
      all.some((right) => right.includes(part)) ? [role] : [],
    );
  expect(holders("ServicesPayments")).toEqual([
    "EffectsAuthorizePaymentPerform",
    "EffectsReleaseAuthorizationPerform",
  ]);
  expect(holders("ses:")).toEqual(["EffectsSendConfirmationPerform"]);
});
