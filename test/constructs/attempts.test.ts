/** The delivery policy of an effect whose events come from a broker. */
import { expect, test } from "vitest";
import { kafkaResources } from "../../lib/adapters/kafka/construct.ts";
import { rabbitMqResources } from "../../lib/adapters/rabbitmq/construct.ts";
import type { Bus } from "../../lib/constructs/ports.ts";
import type { DeliveryPolicy } from "../../lib/model/delivery/delivery-policy.ts";
import { application, technologies, templateOf } from "../library/fixtures/small-library.ts";

const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:broker-AbCdEf";
const brokerArn = "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1";
const buses: readonly (readonly [string, Bus])[] = [
  ["kafka", kafkaResources({ brokers: ["a.example.org:9092"] })],
  ["rabbitmq", rabbitMqResources({ url: "amqps://b-1.mq.eu-central-1.on.aws:5671", brokerArn, secretArn })],
];

const performer = (bus: Bus, delivery?: DeliveryPolicy) => {
  const [effect] = application.effects.filter(({ name }) => name === "send-reminder");
  if (!effect) throw new Error("no effect");
  const template = templateOf(
    { kind: "iam" },
    {
      application: { ...application, sagas: [], effects: [{ ...effect, delivery }] },
      technologies: { ...technologies, bus },
    },
  );
  const functions = template.findResources("AWS::Lambda::Function");
  return Object.entries(functions).find(([id]) => id.includes("EffectsSendReminderPerform"))?.[1].Properties;
};

test.each(buses)("%s: without a policy there are four minutes for eight attempts", (_, bus) => {
  const { Timeout, Environment } = performer(bus);
  expect(Timeout).toBe(240);
  expect(Environment.Variables).not.toHaveProperty("DELIVERY_ATTEMPTS");
});

test.each(buses)("%s: the function knows the attempts of the effect and has time for them", (_, bus) => {
  const { Timeout, Environment } = performer(bus, { attempts: 12 });
  expect(Timeout).toBe(420);
  expect(Environment.Variables).toMatchObject({ DELIVERY_ATTEMPTS: "12" });
});

test.each(buses)("%s: one attempt may take longer than all waits", (_, bus) => {
  expect(performer(bus, { attempts: 5, timeoutSeconds: 300 }).Timeout).toBe(360);
});

test.each(buses)(
  "%s: more attempts than a function has time for are refused with the name of the effect",
  (_, bus) => {
    expect(performer(bus, { attempts: 20 }).Timeout).toBe(840);
    expect(() => performer(bus, { attempts: 21 })).toThrow(
      "send-reminder: 21 attempts of 30 seconds take up to 900 seconds; expected at most 840, the limit of a function that a broker invokes. Reduce attempts or timeoutSeconds",
    );
  },
);
