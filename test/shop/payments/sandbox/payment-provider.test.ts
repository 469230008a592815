import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sandboxPaymentProvider } from "../../../../lib/shop/payments/sandbox/payment-provider.ts";
import { type Engine, engine, tables } from "../../../adapters/dynamodb/engine.ts";
import { paymentProviderContract } from "../payment-provider.ts";

let running: Engine;
beforeAll(async () => {
  running = await engine();
});
afterAll(() => running.stop());

const waits: number[] = [];
const sandbox = () =>
  sandboxPaymentProvider(
    running.client,
    () => tables.payments,
    async (milliseconds) => void waits.push(milliseconds),
  );

paymentProviderContract("of the sandbox", sandbox);

test("the sandbox takes a second to fail for the timeout card", async () => {
  waits.length = 0;
  const request = { key: "waits", amount: 1, paymentMethod: "pm_card_timeout" };
  await expect(sandbox().authorize(request)).rejects.toThrow("did not answer for waits");
  expect(waits).toEqual([1000]);
});

describe("the item of the sandbox", () => {
  const stored = async (pk: string) =>
    (await running.client.send(new GetItemCommand({ TableName: tables.payments, Key: { pk: { S: pk } } })))
      .Item;

  const cases = [
    ["pm_card_visa", { status: { S: "authorized" }, authorization: { S: "auth_w-pm_card_visa" } }],
    ["pm_card_chargeDeclined", { status: { S: "declined" }, because: { S: "card declined" } }],
    ["pm_card_flaky", { status: { S: "trying" }, attempts: { N: "1" } }],
  ] as const;

  test.each(cases)("after %s", async (paymentMethod, item) => {
    const key = `w-${paymentMethod}`;
    await sandbox()
      .authorize({ key, amount: 5, paymentMethod })
      .catch(() => {});
    expect(await stored(key)).toEqual({ pk: { S: key }, amount: { N: "5" }, ...item });
  });

  test("after a release", async () => {
    const key = "w-pm_card_visa";
    await sandbox().release({ authorizedBy: key });
    expect(await stored(key)).toMatchObject({
      status: { S: "released" },
      authorization: { S: `auth_${key}` },
    });
  });
});

describe("when another request answers first", () => {
  const mocked = new DynamoDBClient({ region: "eu-central-1" });
  const client = mockClient(mocked);
  const provider = sandboxPaymentProvider(
    mocked,
    () => "payments",
    async () => {},
  );
  const request = { key: "raced", amount: 5, paymentMethod: "pm_card_visa" };
  const race = (found: { readonly status: { readonly S: string } }) => {
    client.reset();
    client
      .on(UpdateItemCommand)
      .rejects(
        new ConditionalCheckFailedException({ message: "the condition failed", $metadata: {}, Item: found }),
      );
    return provider.authorize(request);
  };

  test("a release stays: the payment is called off without another request", async () => {
    expect(await race({ status: { S: "released" } })).toEqual({ kind: "declined", because: "called off" });
    expect(client.calls()).toHaveLength(1);
    expect(client.commandCalls(UpdateItemCommand)[0]?.args[0].input).toMatchObject({
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
  });

  test("an item without an answer is a bug", async () => {
    await expect(race({ status: { S: "trying" } })).rejects.toThrow(
      "payment raced: expected the answer that was stored, got none",
    );
  });

  test("throws any other error of the table", async () => {
    client.reset();
    client.on(UpdateItemCommand).rejects(new Error("throttled"));
    await expect(provider.authorize(request)).rejects.toThrow("throttled");
  });
});
