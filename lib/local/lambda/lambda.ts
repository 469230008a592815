/**
 * AWS::Lambda::Function, AWS::Logs::LogGroup and the service `lambda`: each function's real bundle in worker
 * threads, with the environment that the template gives it.
 */
import type { Assembly } from "../cloudformation/assembly.ts";
import { credentialsOf } from "../gateway/credentials.ts";
import { uniqueId } from "../machine/random.ts";
import {
  type Caller,
  type Cloud,
  type Operation,
  type Provider,
  type Resource,
  ServiceError,
} from "../service/service.ts";
import { asynchronous } from "./asynchronous.ts";
import { checkEvent } from "./check-event.ts";
import { type Answer, type CallApi, environment } from "./environment.ts";
import { output } from "./output.ts";
import { type Pool, pool } from "./pool.ts";
import { type FunctionSettings, invocationBytesMax, settingsOf } from "./settings.ts";
import { variablesOf } from "./variables.ts";

export type FunctionOptions = {
  readonly assembly: Pick<Assembly, "assets">;
  /** The URL of the gateway. */
  readonly endpoint: string;
  readonly callApi: CallApi;
};

export type Functions = Provider & {
  readonly run: (functionArn: string, payload: string) => Promise<Answer & { readonly requestId: string }>;
  /** Loads every function, so that the first request is no cold start. */
  readonly warm: () => void;
};

const bytesMaxOfEvents = 1024 * 1024;
const stopMillisecondsMax = 3000;

export const roleCallerOf = ({ name, roleArn }: Pick<FunctionSettings, "name" | "roleArn">): Caller => ({
  kind: "role",
  arn: roleArn,
  functionName: name,
});

const traceHeader = (now: number): string => {
  const id = uniqueId().replaceAll("-", "");
  const time = Math.floor(now / 1000).toString(16);
  return `Root=1-${time}-${id.slice(0, 24)};Parent=${id.slice(16)};Sampled=0`;
};

const poolOf = (
  cloud: Cloud,
  settings: FunctionSettings,
  ahead: Float64Array,
  { endpoint, callApi }: FunctionOptions,
): Pool =>
  pool(settings.environmentsMax, (ended) => {
    const logStream = `${new Date(cloud.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${uniqueId().replaceAll("-", "")}`;
    const log = output(cloud, settings, roleCallerOf(settings));
    const variables = variablesOf(settings, {
      region: cloud.region,
      endpoint,
      logStream,
      credentials: credentialsOf(settings.arn),
    });
    const made = environment({ settings, callApi, variables, ahead, logStream, wrote: log.write, ended });
    return {
      ...made,
      run: (task) => {
        log.nextInvocation();
        return made.run(task);
      },
    };
  });

export const functions = (
  cloud: Cloud,
  resources: readonly Resource[],
  options: FunctionOptions,
): Functions => {
  const ahead = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  ahead[0] = cloud.clock.ahead();
  cloud.clock.onAdvance((milliseconds) => {
    ahead[0] = milliseconds;
  });

  const all = new Map(
    resources
      .filter(({ type }) => type === "AWS::Lambda::Function")
      .map((resource) => {
        const settings = settingsOf(resource, options.assembly);
        return [resource.arn, { settings, pool: poolOf(cloud, settings, ahead, options) }];
      }),
  );

  const arnOf = (nameOrArn: string): string => {
    const name = /^(?:arn:aws:lambda:[^:]*:[^:]*:function:)?([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
    // The ARN of something else stays what it is, so that the refusal names it.
    if (name === "arn") return nameOrArn;
    return `arn:aws:lambda:${cloud.region}:${cloud.account}:function:${name}`;
  };

  const run: Functions["run"] = async (functionArn, payload) => {
    const found = all.get(functionArn);
    if (!found)
      throw new ServiceError("ResourceNotFoundException", `Function not found: ${functionArn}`, 404);
    if (Buffer.byteLength(payload) > invocationBytesMax)
      throw new ServiceError(
        "RequestTooLargeException",
        `Request must be smaller than ${invocationBytesMax} bytes for the InvokeFunction operation`,
        413,
      );
    const requestId = uniqueId();
    const answer = await found.pool.run({ requestId, payload, traceHeader: traceHeader(cloud.clock.now()) });
    if (answer.functionError) {
      const { errorType, errorMessage, trace } = JSON.parse(answer.payload);
      cloud.report({
        source: found.settings.id,
        level: "problem",
        message: `the function failed: ${errorType}: ${errorMessage}`,
        fields: { requestId, errorType, trace },
      });
    }
    return { ...answer, requestId };
  };

  const events = asynchronous(cloud, run);

  const accept = (functionArn: string, payload: string) => {
    if (!all.has(functionArn))
      throw new ServiceError("ResourceNotFoundException", `Function not found: ${functionArn}`, 404);
    if (Buffer.byteLength(payload) > bytesMaxOfEvents)
      throw new ServiceError(
        "RequestTooLargeException",
        `${bytesMaxOfEvents} byte payload is too large for the Event invocation type`,
        413,
      );
    events.accept(functionArn, payload);
    return { StatusCode: 202, ExecutedVersion: "$LATEST", Payload: "" };
  };

  const invoke: Operation = {
    requires: ({ FunctionName }) => [
      { action: "lambda:InvokeFunction", resource: arnOf(String(FunctionName)) },
    ],
    run: async ({ FunctionName, InvocationType, Payload }) => {
      const functionArn = arnOf(String(FunctionName));
      const payload = Payload === "" || Payload === undefined ? "{}" : String(Payload);
      checkEvent(payload);
      if (InvocationType === "Event") return accept(functionArn, payload);
      if (InvocationType !== "RequestResponse")
        throw new ServiceError(
          "InvalidParameterValueException",
          `InvocationType ${InvocationType} is not run here`,
        );
      const { payload: answer, functionError } = await run(functionArn, payload);
      return {
        StatusCode: 200,
        ExecutedVersion: "$LATEST",
        Payload: answer,
        ...(functionError !== undefined && { FunctionError: functionError }),
      };
    },
  };

  const isBusy = () => [...all.values()].some(({ pool }) => pool.isBusy());

  return {
    run,
    warm: () => {
      for (const { pool } of all.values()) pool.warm();
    },
    services: [{ name: "lambda", operations: { Invoke: invoke } }],
    start: events.resume,
    stop: async () => {
      const until = Date.now() + stopMillisecondsMax;
      while (isBusy() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
      await Promise.all([...all.values()].map(({ pool }) => pool.stop()));
    },
  };
};
