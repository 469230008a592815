import { afterEach, describe, expect, test } from "vitest";
import { busSettings } from "../../../lib/adapters/eventbridge/settings.ts";
import { mailFrom } from "../../../lib/adapters/ses/settings.ts";
import { machineOf } from "../../../lib/adapters/stepfunctions/settings.ts";
import { effectName, logLevel, namespace, sagaName } from "../../../lib/adapters/system/settings.ts";

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
