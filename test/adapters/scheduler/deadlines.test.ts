import { createHash } from "node:crypto";
import * as scheduler from "@aws-sdk/client-scheduler";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { schedulerDeadlines } from "../../../lib/adapters/scheduler/deadlines.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";

const client = new scheduler.SchedulerClient({ region: "eu-central-1" });
const schedulerMock = mockClient(client);
const now = "2026-02-03T04:05:06.789Z";

const settings = {
  groupName: "shop-checkout",
  roleArn: "arn:aws:iam::123456789012:role/deadlines",
  queueArn: "arn:aws:sqs:eu-central-1:123456789012:checkout",
  deadLettersArn: "arn:aws:sqs:eu-central-1:123456789012:checkout-dead",
  retry: { attemptsMax: 185, ageSecondsMax: 86_400 },
};

const deadlines = schedulerDeadlines(client, settings, { clock: () => new Date(now) });
const pay = { sagaId: "checkout/10248", task: "authorize-payment" };

const sent = () =>
  schedulerMock.commandCalls(scheduler.CreateScheduleCommand).map(({ args: [{ input }] }) => input);

beforeEach(() => {
  schedulerMock.reset();
  schedulerMock.on(scheduler.CreateScheduleCommand).resolves({});
});

test("a deadline is a schedule that sends one message and deletes itself", async () => {
  await deadlines.set("10248.pay", new Date("2026-02-03T05:00:00Z"), pay);
  expect(sent()).toEqual([
    {
      Name: "10248.pay",
      GroupName: "shop-checkout",
      ScheduleExpression: "at(2026-02-03T05:00:00)",
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target: {
        Arn: settings.queueArn,
        RoleArn: settings.roleArn,
        Input: JSON.stringify({ source: "eventfold.deadlines", "detail-type": "Deadline", detail: pay }),
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        DeadLetterConfig: { Arn: settings.deadLettersArn },
      },
    },
  ]);
});

describe("its time is in whole seconds, never earlier than asked and never in the past", () => {
  test.each([
    ["2026-02-03T05:00:00.000Z", "at(2026-02-03T05:00:00)"],
    ["2026-02-03T05:00:00.001Z", "at(2026-02-03T05:00:01)"],
    ["2026-12-31T23:59:59.500Z", "at(2027-01-01T00:00:00)"],
    ["2026-02-03T04:05:12.000Z", "at(2026-02-03T04:05:12)"],
    ["2026-02-03T04:05:11.000Z", "at(2026-02-03T04:05:12)"],
    [now, "at(2026-02-03T04:05:12)"],
    ["1970-01-01T00:00:00.000Z", "at(2026-02-03T04:05:12)"],
  ])("%s is %s", async (at, expression) => {
    await deadlines.set("one", new Date(at), pay);
    expect(sent()).toMatchObject([{ ScheduleExpression: expression }]);
  });
});

describe("its name is the given one, or a hash of it if it is not a legal name", () => {
  const hash = (name: string) => createHash("sha256").update(name).digest("hex");
  test.each([
    ["10248", "10248"],
    ["a_B-9.z", "a_B-9.z"],
    ["x".repeat(64), "x".repeat(64)],
    ["x".repeat(65), hash("x".repeat(65))],
    ["checkout/10248/pay", hash("checkout/10248/pay")],
    ["größe", hash("größe")],
    ["", hash("")],
  ])("%j is %j", async (name, taken) => {
    await deadlines.set(name, new Date(now), pay);
    expect(sent()).toMatchObject([{ Name: taken }]);
  });
});

const fault = (name: string) => ({ Message: name, message: `it is ${name}`, $metadata: {} });

const faults = [
  scheduler.InternalServerException,
  scheduler.ServiceQuotaExceededException,
  scheduler.ThrottlingException,
];

describe("a schedule that cannot be created", () => {
  const refuse = (error: Error) => schedulerMock.on(scheduler.CreateScheduleCommand).rejects(error);

  test("because it exists already is ignored: ConflictException", async () => {
    refuse(new scheduler.ConflictException(fault("there")));
    await expect(deadlines.set("one", new Date(now), pay)).resolves.toBeUndefined();
  });

  const thrown = [...faults, scheduler.ResourceNotFoundException];
  test.each(thrown.map((each) => [each.name, each] as const))("%s is thrown", async (name, Fault) => {
    refuse(new Fault(fault(name)));
    await expect(deadlines.set("one", new Date(now), pay)).rejects.toThrow(`it is ${name}`);
  });

  const invalid = (message: string) => new scheduler.ValidationException({ ...fault(message), message });

  test.each([
    ["a message over 256 KB", invalid("Value at 'target.input' failed to satisfy constraint")],
    ["an invalid time", invalid("Invalid Schedule Expression at(+12026-01-01T00:00:00).")],
    ["a request too large", Object.assign(new Error("no"), { $metadata: { httpStatusCode: 413 } })],
  ])("%s is permanent", async (_, error) => {
    refuse(error);
    await expect(deadlines.set("one", new Date(now), pay)).rejects.toThrow(PermanentError);
  });

  test("an error of the deployment is not permanent", async () => {
    const error = invalid(
      "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    );
    refuse(error);
    await expect(deadlines.set("one", new Date(now), pay)).rejects.toBe(error);
  });
});

describe("a deadline is deleted", () => {
  const refuse = (error: Error) => schedulerMock.on(scheduler.DeleteScheduleCommand).rejects(error);

  test("by the name of its schedule, in the group of its saga", async () => {
    schedulerMock.on(scheduler.DeleteScheduleCommand).resolves({});
    await deadlines.set("checkout/10248/pay", new Date(now), pay);
    await deadlines.delete("checkout/10248/pay");
    const deleted = schedulerMock.commandCalls(scheduler.DeleteScheduleCommand);
    expect(deleted.map(({ args: [{ input }] }) => input)).toEqual([
      { Name: sent()[0]?.Name, GroupName: "shop-checkout" },
    ]);
  });

  test("if it exists: ResourceNotFoundException is ignored", async () => {
    refuse(new scheduler.ResourceNotFoundException(fault("gone")));
    await expect(deadlines.delete("one")).resolves.toBeUndefined();
  });

  test.each([...faults, scheduler.ConflictException].map((each) => [each.name, each] as const))(
    "or the error is thrown: %s",
    async (name, Fault) => {
      refuse(new Fault(fault(name)));
      await expect(deadlines.delete("one")).rejects.toThrow(`it is ${name}`);
    },
  );
});
