/** The topics and queues that must exist in a broker before the stack is deployed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { brokerContext, isHere } from "../../bin/provision/environment.ts";
import { templateIn, topicsIn, topologyIn } from "../../bin/provision/template.ts";

const folder = mkdtempSync(join(tmpdir(), "provision-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

const template = (...resources: readonly object[]) => {
  const place = mkdtempSync(join(folder, "assembly-"));
  const Resources = Object.fromEntries(resources.map((resource, index) => [`R${index}`, resource]));
  writeFileSync(join(place, "shop.template.json"), JSON.stringify({ Resources }));
  return templateIn(place, "shop");
};

const lambda = (Variables: object) => ({
  Type: "AWS::Lambda::Function",
  Properties: { Environment: { Variables } },
});
const mapping = (...Topics: readonly string[]) => ({
  Type: "AWS::Lambda::EventSourceMapping",
  Properties: { Topics },
});

test("Kafka needs the topics that are read and the topics of dead letters, each once", () => {
  const found = topicsIn(
    template(
      mapping("shop.order"),
      mapping("shop.payment"),
      mapping("shop.order"),
      lambda({ KAFKA_GROUP: "shop.checkout", KAFKA_BROKERS: { Ref: "Brokers" } }),
      { Type: "AWS::SQS::Queue" },
    ),
  );
  expect(found).toEqual(["shop.order", "shop.payment", "shop.checkout.dead-letters"]);
});

test("RabbitMQ needs the queues that its publisher declares", () => {
  const subscriptions = [{ name: "send-confirmation", eventTypes: ["OrderConfirmed"] }];
  const found = topologyIn(
    template(
      lambda({ EVENT_SOURCE: "shop" }),
      lambda({ EVENT_SOURCE: "shop", EVENT_SUBSCRIPTIONS: JSON.stringify(subscriptions) }),
    ),
  );
  expect(found.queues.map(({ queue }) => queue)).toEqual([
    "shop.send-confirmation.dead-letters",
    "shop.send-confirmation",
  ]);
});

test("a template of another bus is refused", () => {
  expect(() => topologyIn(template(lambda({ EVENT_SOURCE: "shop" })))).toThrow("no function that publishes");
});

test("with several stacks, the template of the named stack is read", () => {
  const place = mkdtempSync(join(folder, "assembly-"));
  for (const [stack, topic] of Object.entries({ shop: "shop.order", other: "other.order" }))
    writeFileSync(
      join(place, `${stack}.template.json`),
      JSON.stringify({ Resources: { Mapping: mapping(topic) } }),
    );
  expect(topicsIn(templateIn(place, "shop"))).toEqual(["shop.order"]);
});

describe("the broker of the environment", () => {
  test.each([
    ["kafka", "KAFKA_BROKERS"],
    ["rabbitmq", "AMQP_URL"],
  ] as const)("%s: the missing variable %s is named", (bus, variable) => {
    vi.stubEnv(variable, "");
    expect(() => brokerContext(bus)).toThrow(`--bus ${bus} needs the environment variable ${variable}`);
  });

  test.each([
    ["kafka", "127.0.0.1:9092", true],
    ["kafka", "localhost:9092,127.0.0.1:9093", true],
    ["kafka", "127.0.0.1:9092,kafka.example.com:9092", false],
    ["rabbitmq", "amqp://guest:guest@127.0.0.1:5672", true],
    ["rabbitmq", "amqp://localhost", true],
    ["rabbitmq", "amqps://localhost.example.com", false],
    ["rabbitmq", "amqps://user:localhost@mq.example.com:5671", false],
  ] as const)("%s at %s is on this machine: %s", (bus, place, here) => {
    vi.stubEnv(bus === "kafka" ? "KAFKA_BROKERS" : "AMQP_URL", place);
    expect(isHere(bus)).toBe(here);
  });
});
