/** The compiled state machines of the sagas. The Step Functions of the local cloud run them in the simulated time. */
import { toDelivery } from "../../lib/adapters/sqs/delivery.ts";
import { taskHandler } from "../../lib/adapters/stepfunctions/task.ts";
import { toFormerExpress } from "../../lib/compile/machine/former-express.ts";
import { toStateMachine } from "../../lib/compile/machine/state-machine.ts";
import type { Clock } from "../../lib/local/machine/clock.ts";
import { openJournal } from "../../lib/local/machine/journal.ts";
import { type Cloud, type Resource, ServiceError } from "../../lib/local/service/service.ts";
import { stateMachinesWith } from "../../lib/local/states/step-functions.ts";
import type { AnySaga } from "../../lib/model/saga.ts";
import type { Engine, Ground } from "./engine.ts";
import type { Timeline } from "./timeline.ts";

const arnOf = (saga: string) => `arn:aws:states:eu-central-1:000000000000:stateMachine:${saga}`;

type Kind = "STANDARD" | "EXPRESS";

const definitionOf = (saga: AnySaga, kind: Kind): object => {
  const definition = toStateMachine(saga, { functionArn: saga.name });
  return kind === "EXPRESS" ? toFormerExpress(definition) : definition;
};

const machineOf = (saga: AnySaga, kind: Kind): Resource => ({
  id: saga.name,
  type: "AWS::StepFunctions::StateMachine",
  name: saga.name,
  arn: arnOf(saga.name),
  properties: {
    DefinitionString: JSON.stringify(definitionOf(saga, kind)),
    RoleArn: "arn:aws:iam::000000000000:role/machine",
    StateMachineType: kind,
  },
});

/** The end of an execution is announced only if there is a rule for it. */
const rule: Resource = {
  id: "Rule",
  type: "AWS::Events::Rule",
  name: "rule",
  arn: "arn:rule",
  properties: {},
};

const clockOf = (time: Timeline): Clock => ({
  now: time.now,
  at: time.at,
  ahead: () => 0,
  advance: () => undefined,
  onAdvance: () => undefined,
  stop: () => undefined,
});

const goneCodes = ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"];

export type CompiledEngine = Engine & {
  /** Stops an execution, as an operator does. */
  readonly abort: (saga: string, name: string) => Promise<void>;
};

export const engineOf = (
  { sagas, time, run, ended }: Ground,
  kindOf: (saga: AnySaga) => Kind,
): CompiledEngine => {
  const machines = sagas.map((saga) => machineOf(saga, kindOf(saga)));

  const invoke: Cloud["invoke"] = async (_caller, functionArn, event) => {
    const saga = sagas.find(({ name }) => name === functionArn);
    if (!saga) throw new Error(`there is no function ${functionArn}`);
    try {
      await taskHandler((task) => run(saga, task))(JSON.parse(event));
      return { requestId: "request", payload: {} };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(`${error}`);
      const document = { errorType: name, errorMessage: message };
      return { requestId: "request", payload: document, functionError: "Unhandled" };
    }
  };

  const reportEnd = (entry: {
    readonly Source: string;
    readonly DetailType: string;
    readonly Detail: string;
  }) => {
    const envelope = {
      source: entry.Source,
      "detail-type": entry.DetailType,
      detail: JSON.parse(entry.Detail),
    };
    const delivery = toDelivery({ id: "end", receiveCount: 1, body: JSON.stringify(envelope) });
    if (delivery.kind === "execution-ended" && !["RUNNING", "SUCCEEDED"].includes(delivery.status))
      ended(delivery);
  };

  const cloud: Cloud = {
    clock: clockOf(time),
    journal: openJournal(undefined),
    region: "eu-central-1",
    account: "000000000000",
    resources: [...machines, rule],
    find: () => undefined,
    call: async (_caller, { input: { Entries: entries } }) => {
      if (Array.isArray(entries)) entries.forEach(reportEnd);
      return { FailedEntryCount: 0 };
    },
    invoke,
    authorize: () => undefined,
    report: () => undefined,
    roleOf: () => ({ kind: "owner" }),
    onTableWrite: () => undefined,
  };

  const { services: [service] = [] } = stateMachinesWith(time.random)(cloud, machines);

  /** Returns the code of the error, if there is one. */
  const call = async (
    name: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<string | undefined> => {
    const operation = service?.operations[name];
    if (!operation) throw new Error(`there is no operation ${name}`);
    try {
      await operation.run(input, { kind: "owner" });
      return undefined;
    } catch (error) {
      if (error instanceof ServiceError) return error.code;
      throw error;
    }
  };

  return {
    abort: async (saga, name) => {
      const executionArn = `${arnOf(saga).replace(":stateMachine:", ":execution:")}:${name}`;
      await call("StopExecution", { executionArn, error: "Stopped", cause: "by hand" });
    },
    start: async (saga, name, sagaId, skips) => {
      const input = JSON.stringify({ sagaId, execution: name, skips });
      const code = await call("StartExecution", { stateMachineArn: arnOf(saga), name, input });
      if (code !== undefined && code !== "ExecutionAlreadyExists") throw new Error(code);
    },
    complete: async (token, outcome) => {
      const code =
        outcome.kind === "succeeded"
          ? await call("SendTaskSuccess", { taskToken: token, output: "{}" })
          : await call("SendTaskFailure", {
              taskToken: token,
              error: outcome.error,
              cause: outcome.because,
            });
      if (code !== undefined && !goneCodes.includes(code)) throw new Error(code);
      return code === undefined ? "completed" : "gone";
    },
  };
};

export const compiledEngine = (ground: Ground): CompiledEngine => engineOf(ground, () => "STANDARD");
