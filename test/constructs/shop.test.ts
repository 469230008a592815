import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Code } from "aws-cdk-lib/aws-lambda";
import { afterAll, expect, test } from "vitest";
import * as z from "zod";
import { contextOf } from "../../bin/context.ts";
import { shopOn } from "../../bin/technologies.ts";
import { EventSourcedApplication } from "../../lib/constructs/event-sourced-application.ts";
import { shop } from "../../lib/domain/shop.ts";
import { rightsOf } from "./rights.ts";

const { guard, ...choices } = contextOf(() => undefined);
const outdir = mkdtempSync(join(tmpdir(), "shop-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const app = new App({ outdir });
const stack = new Stack(app, shop.name);
new EventSourcedApplication(stack, "App", {
  application: shop,
  technologies: shopOn(choices),
  code: () => Code.fromInline("export const handler = () => {}"),
  guard,
});
app.synth();
const template = Template.fromStack(stack);

test("the rules that CloudFormation and AWS check a template by have nothing to say about the shop", () => {
  const report = z
    .object({ pluginReports: z.array(z.unknown()) })
    .parse(JSON.parse(readFileSync(join(outdir, "validation-report.json"), "utf8")));
  expect(report.pluginReports).toEqual([]);
});

test("there is a function for each role, and for each saga and effect", () => {
  template.resourceCountIs("AWS::Lambda::Function", 5 + 2 * shop.sagas.length + shop.effects.length);
  template.resourceCountIs("AWS::ApiGatewayV2::Route", shop.routes.length + 1);
});

test("nobody may do anything to everything", () => {
  for (const right of Object.values(rightsOf(template)).flat()) expect(right).not.toMatch(/ on \*$/);
});

test("only the effects that deal with money reach the payment provider, and only mail is mailed", () => {
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
