import { afterEach, describe, expect, test } from "vitest";
import { busSettings } from "../../../lib/adapters/eventbridge/settings.ts";
import { mailFrom } from "../../../lib/adapters/ses/settings.ts";
import { machineOf } from "../../../lib/adapters/stepfunctions/settings.ts";
import { effectName, logLevel, namespace, sagaName, traceId } from "../../../lib/adapters/system/settings.ts";

const cases: readonly (readonly [Readonly<Record<string, string>>, () => unknown, unknown])[] = [
  [{ SAGA: "checkout" }, sagaName, "checkout"],
  [{ EFFECT: "charge" }, effectName, "charge"],
  [{ EVENTFOLD_NAMESPACE: "eventfold/shop" }, namespace, "eventfold/shop"],
  [{ EVENT_BUS_NAME: "bus", EVENT_SOURCE: "shop" }, busSettings, { busName: "bus", source: "shop" }],
  [{ STATE_MACHINE_GOODS_RETURN: "arn:2" }, () => machineOf("goods-return"), "arn:2"],
  [{ MAIL_FROM: "shop@example.com" }, mailFrom, "shop@example.com"],
];

afterEach(() => {
  for (const [variables] of cases) for (const name of Object.keys(variables)) delete process.env[name];
});

describe("settings come from the environment", () => {
  test.each(cases)("%j", (variables, read, expected) => {
    Object.assign(process.env, variables);
    expect(read()).toEqual(expected);
  });
});

describe("a missing or empty variable is named", () => {
  const each = cases.flatMap(([variables, read]) =>
    Object.keys(variables).map((name) => [name, variables, read] as const),
  );
  test.each(each)("%s", (name, variables, read) => {
    Object.assign(process.env, variables, { [name]: "" });
    expect(read).toThrow(`environment variable ${name} is missing`);
    delete process.env[name];
    expect(read).toThrow(`environment variable ${name} is missing`);
  });
});

test("the log level of Lambda is optional, because only functions with the JSON log format have one", () => {
  expect(logLevel()).toBeUndefined();
  process.env.AWS_LAMBDA_LOG_LEVEL = "ERROR";
  expect(logLevel()).toBe("ERROR");
  delete process.env.AWS_LAMBDA_LOG_LEVEL;
});

test.each([
  [
    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
    "1-5759e988-bd862e3fe1be46a994272793",
  ],
  ["Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0", undefined],
  ["Root=1-5759e988-bd862e3fe1be46a994272793", undefined],
  ["", undefined],
])("the trace of the header %s has the id %s, because X-Ray keeps only what it samples", (header, id) => {
  process.env._X_AMZN_TRACE_ID = header;
  expect(traceId()).toBe(id);
  delete process.env._X_AMZN_TRACE_ID;
});
