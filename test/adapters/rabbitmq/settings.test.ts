import { afterEach, expect, test, vi } from "vitest";
import { attempts, brokerUrl, busSettings } from "../../../lib/adapters/rabbitmq/settings.ts";

afterEach(() => void vi.unstubAllEnvs());

const checkout = {
  name: "checkout",
  eventTypes: ["OrderPlaced"],
  saga: { name: "checkout" },
};

test("the broker, the application and its subscriptions are in the environment", () => {
  vi.stubEnv("AMQP_URL", "amqps://shop:secret@example.org:5671/shop");
  vi.stubEnv("EVENT_SOURCE", "shop");
  vi.stubEnv("EVENT_SUBSCRIPTIONS", JSON.stringify([checkout, { name: "mail", eventTypes: [] }]));
  expect(brokerUrl()).toBe("amqps://shop:secret@example.org:5671/shop");
  expect(busSettings()).toEqual({
    source: "shop",
    subscriptions: [checkout, { name: "mail", eventTypes: [] }],
  });
});

test("the number of attempts is set only if an effect says so", () => {
  expect(attempts()).toBeUndefined();
  vi.stubEnv("DELIVERY_ATTEMPTS", "12");
  expect(attempts()).toBe(12);
});

test("a missing variable is named", () => {
  vi.stubEnv("AMQP_URL", "");
  expect(brokerUrl).toThrow("AMQP_URL");
});

test("invalid subscriptions are refused", () => {
  vi.stubEnv("EVENT_SOURCE", "shop");
  vi.stubEnv("EVENT_SUBSCRIPTIONS", '[{ "name": "checkout" }]');
  expect(busSettings).toThrow();
});
