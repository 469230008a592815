/** Messages of the Scheduler. `handler.test.ts` covers events and the ends of executions. */
import { expect, test } from "vitest";
import { toDelivery } from "../../../lib/adapters/sqs/delivery.ts";

const body = (detail: unknown) =>
  JSON.stringify({ source: "eventfold.deadlines", "detail-type": "Deadline", detail });

test("a message of the Scheduler is a deadline", () => {
  const detail = { sagaId: "checkout/10248", task: "authorize-payment" };
  expect(toDelivery({ id: "a", receiveCount: 3, body: body(detail) })).toEqual({
    id: "a",
    receiveCount: 3,
    kind: "deadline",
    ...detail,
  });
});

test.each([
  ["sagaId", { task: "pay" }],
  ["task", { sagaId: "checkout/10248" }],
])("a deadline without its %s is unreadable", (member, detail) => {
  expect(() => toDelivery({ id: "a", receiveCount: 1, body: body(detail) })).toThrow(member);
});
