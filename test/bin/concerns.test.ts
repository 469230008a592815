import { expect, test } from "vitest";
import { concerns } from "../../bin/local/pages/concerns.ts";
import type { Resource } from "../../lib/local/service/service.ts";
import type { OperationAnswer } from "../../lib/model/operations/answer.ts";

const operator: Resource = {
  id: "AppOperateFunction1",
  type: "AWS::Lambda::Function",
  name: "operate",
  arn: "arn:operate",
  properties: {},
};
const at = "2026-01-01T00:00:00.000Z";

const answers: Readonly<Record<string, OperationAnswer>> = {
  parked: {
    kind: "parked",
    sagas: [
      {
        saga: "checkout",
        id: "1",
        status: "parked",
        step: "pay",
        since: at,
        reasonCode: "no",
        reason: "why",
      },
    ],
    streams: [{ consumer: "stock-level", streamId: "inventory-pear", version: 3, error: "it broke", at }],
  },
  stuck: {
    kind: "stuck",
    sagas: [
      { saga: "checkout", id: "2", status: "waiting", step: "ship", since: at },
      { saga: "checkout", id: "3", status: "waiting", since: at, lastError: { because: "timeout" } },
    ],
    removed: [{ saga: "gone", id: "4" }],
  },
  "dead-letters": {
    kind: "dead-letters",
    letters: Array.from({ length: 30 }, () => ({ handler: "send-confirmation", at, payload: "{}" })),
    more: false,
  },
};

const cloud = (payloadOf: (action: string) => unknown, functionError?: "Unhandled") => ({
  resources: [operator],
  invoke: async (_: unknown, arn: string, event: string) => {
    expect(arn).toBe(operator.arn);
    return {
      requestId: "1",
      payload: payloadOf(JSON.parse(event).action),
      ...(functionError && { functionError }),
    };
  },
});

test("parked and stuck sagas, parked streams and dead letters need attention, at most 20 of each kind", async () => {
  const found = await concerns(cloud((action) => answers[action]));
  expect(found.slice(0, 5)).toEqual([
    {
      what: "Saga checkout/1 is parked at step pay",
      why: "no: why",
      help: "npx eventfold operate resume checkout/1 --how retry",
    },
    {
      what: "Stream inventory-pear is parked for stock-level at version 3",
      why: "it broke",
      help: "npx eventfold operate parked",
    },
    {
      what: "Saga checkout/2 is stuck at step ship",
      why: "The log of its function may say why.",
      help: "npx eventfold operate stuck",
    },
    { what: "Saga checkout/3 is stuck", why: "timeout", help: "npx eventfold operate stuck" },
    {
      what: "Saga gone/4 waits, but the application has no saga gone",
      why: "The definition was removed before all instances ended.",
      help: "npx eventfold operate stuck",
    },
  ]);
  expect(found[5]).toEqual({
    what: "send-confirmation has a dead letter",
    why: "The log of its function may say why.",
    help: "npx eventfold operate redrive send-confirmation",
  });
  expect(found).toHaveLength(5 + 20);
});

test("an application without a function of operators has none", async () => {
  expect(await concerns({ ...cloud(() => undefined), resources: [] })).toEqual([]);
});

test("a function of operators that fails is named", async () => {
  await expect(concerns(cloud(() => ({ errorType: "Error" }), "Unhandled"))).rejects.toThrow(
    'the function of operators failed: {"errorType":"Error"}',
  );
});
