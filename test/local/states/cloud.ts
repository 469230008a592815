/**
 * A cloud for state machines only: functions are entries of a table, the bus stores the events that it gets, and the
 * clock moves only when it is advanced.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { localClock } from "../../../lib/local/machine/clock.ts";
import { openJournal } from "../../../lib/local/machine/journal.ts";
import type { Cloud, Invocation, Provider, Report, Resource } from "../../../lib/local/service/service.ts";
import { stateMachinesWith } from "../../../lib/local/states/step-functions.ts";

export const machineArn = "arn:aws:states:eu-central-1:000000000000:stateMachine:trip";
export const executionArn = (name: string) =>
  `${machineArn.replace(":stateMachine:", ":execution:")}:${name}`;

/** The answer of a function. A function that never answers returns a promise that stays pending. */
export type Function = (payload: never) => unknown;

export type Call = { readonly functionName: string; readonly payload: unknown; readonly role: string };

export type Setting = {
  readonly definition: unknown;
  readonly functions?: Readonly<Record<string, Function>>;
  readonly journal?: string;
  readonly random?: number;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly withoutBus?: boolean;
  /** The name of the only state machine; by default trip. */
  readonly name?: string;
  /** How far the clock of an earlier cloud was advanced. */
  readonly ahead?: number;
};

/** An error that a function throws, with its error document. */
export class FunctionError extends Error {
  readonly document: unknown;
  constructor(document: unknown) {
    super("the function has thrown");
    this.document = document;
  }
}

const startOfTime = Date.parse("2026-01-01T00:00:00Z");

const machineOf = ({ definition, properties, name = "trip" }: Setting): Resource => ({
  id: "Trip",
  type: "AWS::StepFunctions::StateMachine",
  name,
  arn: machineArn.replace(/trip$/, name),
  properties: {
    DefinitionString: JSON.stringify(definition),
    RoleArn: "arn:aws:iam::000000000000:role/trip",
    ...properties,
  },
});

const rule: Resource = {
  id: "Rule",
  type: "AWS::Events::Rule",
  name: "rule",
  arn: "arn:rule",
  properties: {},
};

export const cloudOf = (setting: Setting) => {
  const clock = localClock(() => startOfTime, setting.ahead);
  const journal = openJournal(setting.journal);
  const machine = machineOf(setting);
  const calls: Call[] = [];
  const events: Readonly<Record<string, unknown>>[] = [];
  const reports: Omit<Report, "at">[] = [];
  const bus = { fails: false };

  const invoke = async (name: string, payload: unknown): Promise<Invocation> => {
    try {
      // The table holds functions of any payload. A test calls each with the payload that it expects.
      const answer = await setting.functions?.[name]?.(payload as never);
      return { requestId: "r", payload: answer };
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      return { requestId: "r", payload: error.document, functionError: "Unhandled" };
    }
  };

  const cloud: Cloud = {
    clock,
    journal,
    region: "eu-central-1",
    account: "000000000000",
    resources: setting.withoutBus ? [machine] : [machine, rule],
    find: () => undefined,
    call: async (_caller, { service, operation, input }) => {
      if (bus.fails) throw new Error("the bus is down");
      if (service === "events" && operation === "PutEvents" && Array.isArray(input.Entries))
        events.push(...input.Entries);
      return { FailedEntryCount: 0 };
    },
    invoke: (caller, functionName, event) => {
      const payload: unknown = JSON.parse(event);
      calls.push({ functionName, payload, role: caller.kind === "role" ? caller.arn : caller.kind });
      return invoke(functionName, payload);
    },
    authorize: () => undefined,
    report: (report) => void reports.push(report),
    roleOf: () => ({ kind: "owner" }),
    onTableWrite: () => undefined,
  };

  const provider: Provider = stateMachinesWith(() => setting.random ?? 0.5)(cloud, [machine]);

  const operation = (name: string) => {
    const found = provider.services?.[0]?.operations[name];
    if (!found) throw new Error(`no operation ${name}`);
    return found;
  };
  const call = async (name: string, input: Readonly<Record<string, unknown>>) => {
    operation(name).requires(input);
    const answer = await operation(name).run(input, { kind: "owner" });
    return JSON.parse(JSON.stringify(answer));
  };
  const start = (name: string, input: unknown = {}) =>
    call("StartExecution", { stateMachineArn: machineArn, name, input: JSON.stringify(input) });
  const describe = (name: string) => call("DescribeExecution", { executionArn: executionArn(name) });

  return {
    calls,
    events,
    reports,
    bus,
    clock,
    provider,
    operation,
    call,
    start,
    describe,
    /** Runs an execution to its end. */
    run: async (input: unknown = {}) => {
      await start("e", input);
      await until(async () => (await describe("e")).status !== "RUNNING");
      return describe("e");
    },
    /** Advances the clock and waits for everything that is due. */
    advance: async (seconds: number) => {
      await settled();
      clock.advance(1000 * seconds);
      await new Promise((resolve) => setTimeout(resolve, 2));
      await settled();
    },
    /** As after kill -9: nothing runs any more, and the journal is unchanged. */
    kill: () => {
      journal.close();
      clock.stop();
      void provider.stop?.();
    },
  };
};

/** Waits long enough for every promise that does not depend on a timer. */
export const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
};

export const until = async (isSo: () => boolean | Promise<boolean>) => {
  for (let turn = 0; turn < 20_000; turn += 1) {
    if (await isSo()) return;
    await nextTurn();
  }
  throw new Error("expected the condition to become true within 20,000 turns of the event loop");
};
