/** A password in the context would be in the template. It is refused before a deployment, and no message has it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import { afterAll, expect, test } from "vitest";
import { contextOf } from "../../lib/deploy/context/context.ts";
import { refusePasswords } from "../../lib/deploy/context/passwords.ts";
import { stacksOf } from "../../lib/deploy/stacks.ts";
import { application } from "../library/lib/application.ts";
import { technologies } from "../library/lib/technologies.ts";

const outdir = mkdtempSync(join(tmpdir(), "passwords-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const password = "hunter2/with@signs";

const rabbitmq = {
  bus: "rabbitmq",
  rabbitmqBroker: "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1",
  rabbitmqSecret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:broker-AbCdEf",
};

const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return `${error}`;
  }
  return "nothing was thrown";
};

const stacksWith = (context: Readonly<Record<string, string>>, validation: boolean) => {
  const code = Code.fromAsset(import.meta.dirname, { exclude: ["*", "!passwords.test.ts"] });
  const project = { application, technologies, root: import.meta.dirname };
  return stacksOf(project, { context, outdir, validation }, () => () => code).app;
};

test("a stack that may be deployed refuses a password in the context, and a local one has its own", () => {
  const context = { ...rabbitmq, rabbitmq: `amqps://shop:${password}@mq.example.com` };
  const message = messageOf(() => stacksWith(context, true));
  expect(message).toContain("context rabbitmq=amqps://shop:…@mq.example.com: expected no password");
  expect(message).not.toContain("hunter2");
  expect(() => stacksWith(context, false)).not.toThrow();
});

test.each([
  `smtps://user:${password}@mail.example.com`,
  `amqp://:${password}@mq.example.com:5671`,
  `smtps://user:{{resolve:secretsmanager:smtp}}${password}@mail.example.com`,
])("a password is refused, and the message does not have it: %s", (value) => {
  const message = messageOf(() => refusePasswords({ own: value }));
  expect(message).toContain("{{resolve:secretsmanager:NAME}}");
  expect(message).not.toContain("hunter2");
});

test.each([
  "smtp://localhost:1025",
  "smtps://user@mail.example.com",
  "smtps://user:{{resolve:secretsmanager:smtp:SecretString:password}}@mail.example.com",
  "amqps://{{resolve:secretsmanager:arn:aws:secretsmanager:eu-central-1:1:secret:b:SecretString:login}}@mq.example.com:5671",
  "{{resolve:secretsmanager:smtp-url}}",
  "https://shop.example,https://admin.example",
  "ops@example.com",
])("a value without a password is accepted: %s", (value) => {
  expect(() => refusePasswords({ own: value })).not.toThrow();
});

test.each([
  { smtp: `smtps://user:${password}@mail.example.com` },
  { mail: "smtp", smtp: `smtps://user:${password}@mail.example.com/folder` },
  { smpt: `smtps://user:${password}@mail.example.com` },
  { bus: `amqp://user:${password}@mq.example.com` },
  { "saga.unknown": `amqp://user:${password}@mq.example.com` },
  { ...rabbitmq, rabbitmqBroker: "create", rabbitmq: `amqp://user:${password}@mq.example.com` },
])("the message about a wrong context does not have its password: %j", (context) => {
  const message = messageOf(() => contextOf(context));
  expect(message).toContain("//user:…@m");
  expect(message).not.toContain("hunter2");
});
