/** The shop on Kafka and on RabbitMQ. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Template } from "aws-cdk-lib/assertions";
import { afterAll, describe, expect, test } from "vitest";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { shop } from "../../../lib/shop/shop.ts";
import { rightsOf } from "../../constructs/rights.ts";
import { project } from "../project.ts";

const folder = mkdtempSync(join(tmpdir(), "shop-buses-"));
afterAll(() => rmSync(folder, { recursive: true }));

const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:broker-AbCdEf";
const msk = "kafka of Amazon MSK";
/** AWS knows no resources for them. */
const looksAtNetworks = [
  "ec2:DescribeNetworkInterfaces on *",
  "ec2:DescribeSecurityGroups on *",
  "ec2:DescribeSubnets on *",
  "ec2:DescribeVpcs on *",
];
const buses = {
  kafka: { bus: "kafka", kafka: "a.example.com:9092", kafkaSecret: secret },
  [msk]: {
    bus: "kafka",
    kafka: "b-1-public.events.kafka.eu-central-1.amazonaws.com:9198",
    msk: "arn:aws:kafka:eu-central-1:123456789012:cluster/events/0a1b-2",
  },
  rabbitmq: {
    bus: "rabbitmq",
    rabbitmq: `amqps://{{resolve:secretsmanager:${secret}:SecretString:login}}@b-1.mq.eu-central-1.on.aws:5671`,
    rabbitmqBroker: "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1",
    rabbitmqSecret: secret,
  },
  "rabbitmq made with the stack": { bus: "rabbitmq", rabbitmqBroker: "create" },
};

describe.each(Object.entries(buses))("%s", (name, context) => {
  const outdir = join(folder, name);
  synthesize(project, { context, outdir, validation: false });
  const text = readFileSync(join(outdir, `${shop.name}.template.json`), "utf8");
  const template = Template.fromJSON(JSON.parse(text));
  const handlers = [...shop.effects, ...shop.sagas, ...(shop.translators ?? [])];
  const mappings = Object.values(template.findResources("AWS::Lambda::EventSourceMapping"))
    .map(({ Properties }) => Properties)
    .filter(({ Topics, Queues }) => Topics ?? Queues);

  test("no event of the application is published to EventBridge", () => {
    template.resourceCountIs("AWS::Events::EventBus", 0);
    expect(text).not.toMatch(/events:PutEvents|EVENT_BUS_NAME/);
  });

  test("every handler has its own mappings, and its function may run long enough to retry", () => {
    const functions = new Set(mappings.map(({ FunctionName }) => FunctionName["Fn::GetAtt"][0]));
    expect(functions.size).toBe(handlers.length);
    for (const id of functions)
      expect(template.findResources("AWS::Lambda::Function")[id]?.Properties.Timeout).toBe(240);
  });

  test("no statement has all resources", () => {
    const everywhere = Object.values(rightsOf(template))
      .flat()
      .filter((right) => / on \*$/.test(right));
    expect([...new Set(everywhere)]).toEqual(name === msk ? looksAtNetworks : []);
  });

  test("the bundles contain only the client of this bus", () => {
    const bundled = readFileSync(join(outdir, "bundles", "relay", "index.mjs"), "utf8");
    expect(bundled).not.toContain("PutEvents");
  });
});
