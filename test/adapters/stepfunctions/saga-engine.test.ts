import { createHash } from "node:crypto";
import * as sfn from "@aws-sdk/client-sfn";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { stepFunctionsEngine } from "../../../lib/adapters/stepfunctions/saga-engine.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";

const client = new sfn.SFNClient({ region: "eu-central-1" });
const stepFunctions = mockClient(client);
const machine = "arn:aws:states:eu-central-1:123456789012:stateMachine:checkout";
const machineOf = (saga: string) => {
  if (saga !== "checkout") throw new Error(`no state machine runs ${saga}`);
  return machine;
};
const engine = stepFunctionsEngine(client, { machineOf });

beforeEach(() => {
  stepFunctions.reset();
});

const sent = () => stepFunctions.calls().map(({ args: [{ input }] }) => input);

const fault = (name: string) => ({ message: `it is ${name}`, $metadata: {} });

describe("an execution is started", () => {
  const hash = (name: string) => createHash("sha256").update(name).digest("hex");
  const names: readonly (readonly [name: string, taken: string])[] = [
    ["10248", "10248"],
    ["10248.2", "10248.2"],
    ["a_B-9.z", "a_B-9.z"],
    ["x".repeat(80), "x".repeat(80)],
    ["x".repeat(81), hash("x".repeat(81))],
    ["a b", hash("a b")],
    ["größe", hash("größe")],
    ["", hash("")],
  ];
  test.each(names)("named %j as %j", async (name, taken) => {
    stepFunctions.on(sfn.StartExecutionCommand).resolves({});
    await engine.start("checkout", name, "checkout/1");
    expect(sent()).toEqual([
      {
        stateMachineArn: machine,
        name: taken,
        input: JSON.stringify({ sagaId: "checkout/1", execution: name }),
      },
    ]);
  });

  test("with the names of the steps that its instance skips", async () => {
    stepFunctions.on(sfn.StartExecutionCommand).resolves({});
    await engine.start("checkout", "1", "checkout/1", ["approve"]);
    const input = JSON.stringify({ sagaId: "checkout/1", execution: "1", skips: ["approve"] });
    expect(sent()).toEqual([{ stateMachineArn: machine, name: "1", input }]);
  });

  test("of a saga without a machine starts nothing", async () => {
    await expect(engine.start("returns", "1", "returns/1")).rejects.toThrow("no state machine runs returns");
    expect(sent()).toEqual([]);
  });
});

describe("an execution that cannot be started", () => {
  test("because its name exists already is ignored", async () => {
    const exists = new sfn.ExecutionAlreadyExists(fault("there"));
    stepFunctions.on(sfn.StartExecutionCommand).rejects(exists);
    await expect(engine.start("checkout", "1", "checkout/1")).resolves.toBeUndefined();
  });

  const thrown = [
    sfn.ExecutionLimitExceeded,
    sfn.InvalidArn,
    sfn.InvalidExecutionInput,
    sfn.InvalidName,
    sfn.KmsAccessDeniedException,
    sfn.KmsInvalidStateException,
    sfn.KmsThrottlingException,
    sfn.StateMachineDeleting,
    sfn.StateMachineDoesNotExist,
  ];
  test.each(thrown.map((each) => [each.name, each] as const))("%s is thrown", async (name, Fault) => {
    stepFunctions.on(sfn.StartExecutionCommand).rejects(new Fault(fault(name)));
    await expect(engine.start("checkout", "1", "checkout/1")).rejects.toThrow(`it is ${name}`);
  });
});

const succeeded = { kind: "succeeded" } as const;
const failed = { kind: "failed", error: "StepFailed", because: "pay rejected: declined, no money" } as const;

describe("a task is completed", () => {
  test("with success", async () => {
    stepFunctions.on(sfn.SendTaskSuccessCommand).resolves({});
    expect(await engine.complete("token", succeeded)).toBe("completed");
    expect(sent()).toEqual([{ taskToken: "token", output: "{}" }]);
  });

  test("with failure, named for the catchers", async () => {
    stepFunctions.on(sfn.SendTaskFailureCommand).resolves({});
    expect(await engine.complete("token", failed)).toBe("completed");
    expect(sent()).toEqual([{ taskToken: "token", error: "StepFailed", cause: failed.because }]);
  });

  test("with a cause cut to the limit of Step Functions", async () => {
    stepFunctions.on(sfn.SendTaskFailureCommand).resolves({});
    await engine.complete("token", { ...failed, because: "x".repeat(40_000) });
    expect(sent()).toMatchObject([{ cause: "x".repeat(32_768) }]);
  });

  test("without the ARN of a machine", async () => {
    stepFunctions.on(sfn.SendTaskSuccessCommand).resolves({});
    const unknown = () => expect.fail("nobody needs a machine");
    const engine = stepFunctionsEngine(client, { machineOf: unknown });
    expect(await engine.complete("token", succeeded)).toBe("completed");
  });
});

describe("content that Step Functions never accepts is permanent", () => {
  const named = (name: string, message = "no", httpStatusCode = 400) =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

  const permanent = [
    named("InvalidExecutionInput"),
    named("InvalidName"),
    named("ValidationException", "Value at 'input' failed to satisfy constraint"),
    named("Error", "no", 413),
  ];
  test.each(permanent.map((error) => [error.name, error] as const))("%s", async (_, error) => {
    stepFunctions.on(sfn.StartExecutionCommand).rejects(error).on(sfn.SendTaskSuccessCommand).rejects(error);
    await expect(engine.start("checkout", "one", "checkout/1")).rejects.toThrow(PermanentError);
    await expect(engine.complete("token", succeeded)).rejects.toThrow(PermanentError);
  });

  const transient = [
    named("ValidationException", "Value at 'stateMachineArn' failed to satisfy constraint"),
    named("ExecutionLimitExceeded"),
    named("StateMachineDoesNotExist"),
    named("ThrottlingException"),
    named("SomethingNew"),
  ];
  test.each(transient.map((error) => [error.name, error] as const))("but not %s", async (_, error) => {
    stepFunctions.on(sfn.StartExecutionCommand).rejects(error);
    await expect(engine.start("checkout", "one", "checkout/1")).rejects.toBe(error);
  });
});

describe("a task that cannot be completed", () => {
  const outcomes = [succeeded, failed];
  const refuse = (fault: Error) =>
    stepFunctions.on(sfn.SendTaskSuccessCommand).rejects(fault).on(sfn.SendTaskFailureCommand).rejects(fault);

  const gone = [sfn.TaskTimedOut, sfn.TaskDoesNotExist, sfn.InvalidToken];
  test.each(gone.map((each) => [each.name, each] as const))("because of %s is gone", async (name, Fault) => {
    refuse(new Fault(fault(name)));
    for (const outcome of outcomes) expect(await engine.complete("token", outcome)).toBe("gone");
  });

  const thrown = [
    sfn.InvalidOutput,
    sfn.KmsAccessDeniedException,
    sfn.KmsInvalidStateException,
    sfn.KmsThrottlingException,
  ];
  test.each(thrown.map((each) => [each.name, each] as const))("because of %s throws", async (name, Fault) => {
    refuse(new Fault(fault(name)));
    for (const outcome of outcomes)
      await expect(engine.complete("token", outcome)).rejects.toThrow(`it is ${name}`);
  });
});
