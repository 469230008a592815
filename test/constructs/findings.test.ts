/** cdk-nag finds nothing in a stack that the code does not accept with a reason, and each new finding fails. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { afterAll, expect, test } from "vitest";
import { acknowledge } from "../../lib/constructs/findings/acknowledge.ts";
import { ApplicationFunction } from "../../lib/constructs/function.ts";
import { stacksOf } from "../../lib/deploy/stacks.ts";
import { application } from "../library/lib/application.ts";
import { technologies } from "../library/lib/technologies.ts";
import { findingsOf } from "./findings.ts";

const outdir = mkdtempSync(join(tmpdir(), "findings-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const code = () => Code.fromAsset(import.meta.dirname, { exclude: ["*", "!findings.ts"] });

const libraryWith = (context: Readonly<Record<string, string>>): App => {
  const shared = code();
  const project = { application, technologies, root: import.meta.dirname };
  return stacksOf(project, { context, outdir, validation: false }, () => () => shared).app;
};

const contexts: readonly Readonly<Record<string, string>>[] = [
  {},
  { public: "true", saga: "choreography" },
  { bus: "kafka", kafka: "b-1.example.com:9198", msk: "arn:aws:kafka:eu-west-1:123456789012:cluster/e/0a-2" },
  { bus: "rabbitmq", rabbitmqBroker: "create" },
  { alarms: "ops@example.com" },
  { kafkaCluster: "open", issuer: "https://id.example.com", audience: "library" },
];

test.each(contexts)("cdk-nag finds nothing in another application with %j", (context) => {
  expect(findingsOf(libraryWith(context))).toEqual([]);
});

test("a resource that a team adds is reported until the team accepts each finding", () => {
  const app = new App({ outdir });
  const queue = new Queue(new Stack(app, "library"), "Own");
  const found = ["AwsSolutions-SQS3", "AwsSolutions-SQS4", "Serverless-SQSRedrivePolicy"];
  expect(findingsOf(app)).toEqual(found.map((rule) => `${rule} at library/Own/Resource`));
  acknowledge(queue, { "AwsSolutions-SQS3": "It may lose messages." });
  expect(findingsOf(app)).toEqual(found.slice(1).map((rule) => `${rule} at library/Own/Resource`));
});

test.each([
  ["*", ["AwsSolutions-IAM5[Resource::*]", "Serverless-LambdaStarPermissions"]],
  ["arn:aws:s3:::bucket/*", ["AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/*]"]],
  ["arn:aws:s3:::bucket/key", []],
])("a right on %s needs a reason", (resource, rules) => {
  const app = new App({ outdir });
  const functionWith = (id: string, wildcard?: string) =>
    new ApplicationFunction(new Stack(app, id), "Function", {
      role: "query",
      deployment: { code, logLevel: "info", tracing: "off" },
      bindings: [
        { environment: {}, statements: [{ actions: ["s3:GetObject"], resources: [resource], wildcard }] },
      ],
    });
  functionWith("without");
  functionWith("with", "The caller chooses the key.");
  expect(findingsOf(app)).toEqual(rules.map((rule) => `${rule} at without/Function/Role/Resource`));
});
