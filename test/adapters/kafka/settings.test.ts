import { afterEach, describe, expect, test, vi } from "vitest";
import {
  attempts,
  consumerGroup,
  kafkaBusSettings,
  kafkaSettings,
  subscribedTo,
  variables,
} from "../../../lib/adapters/kafka/settings.ts";

afterEach(() => void vi.unstubAllEnvs());

const environment = (values: Readonly<Record<string, string>>) => {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
};

const brokers = { [variables.brokers]: "a.example.org:9092,b.example.org:9092" };
const signIn = { [variables.username]: "shop", [variables.password]: "secret" };

describe("how a function signs in", () => {
  test.each([
    [{}, { kind: "plaintext" }],
    [{ [variables.security]: "plaintext" }, { kind: "plaintext" }],
    [{ [variables.security]: "tls" }, { kind: "tls" }],
    [
      { [variables.security]: "plain", ...signIn },
      { kind: "plain", username: "shop", password: "secret" },
    ],
    [
      { [variables.security]: "scram-sha-512", ...signIn },
      { kind: "scram-sha-512", username: "shop", password: "secret" },
    ],
    [
      { [variables.security]: "iam", AWS_REGION: "eu-central-1" },
      { kind: "iam", region: "eu-central-1" },
    ],
  ])("%j", (values, security) => {
    environment({ ...brokers, ...values });
    expect(kafkaSettings()).toEqual({
      brokers: ["a.example.org:9092", "b.example.org:9092"],
      security,
    });
  });

  test.each([
    [{ [variables.security]: "kerberos" }, "KAFKA_SECURITY=kerberos: must be one of plaintext, tls"],
    [{ [variables.security]: "plain" }, "KAFKA_USERNAME is missing"],
    [{ [variables.security]: "iam", AWS_REGION: "" }, "AWS_REGION is missing"],
  ])("not with %j", (values, message) => {
    environment({ ...brokers, ...values });
    expect(kafkaSettings).toThrow(message);
  });
});

test("a missing variable is named", () => {
  environment({ [variables.brokers]: "", [variables.source]: "", [variables.group]: "" });
  expect(kafkaSettings).toThrow("KAFKA_BROKERS is missing");
  expect(kafkaBusSettings).toThrow("EVENT_SOURCE is missing");
  expect(consumerGroup).toThrow("KAFKA_GROUP is missing");
});

test("the interest of a subscription is data", () => {
  const interest = { eventTypes: ["OrderPlaced"], saga: { name: "checkout" } };
  environment({ [variables.interest]: JSON.stringify(interest) });
  expect(subscribedTo()).toEqual(interest);
  environment({ [variables.interest]: '{"eventTypes":"OrderPlaced"}' });
  expect(subscribedTo).toThrow("eventTypes");
});

test("the number of attempts is set only if an effect says so", () => {
  expect(attempts()).toBeUndefined();
  environment({ [variables.attempts]: "12" });
  expect(attempts()).toBe(12);
});
