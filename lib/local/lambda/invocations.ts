/** The operation Invoke: it runs a function, or accepts an event for it. */
import { uniqueId } from "../machine/random.ts";
import { type Cloud, type Operation, ServiceError } from "../service/service.ts";
import { asynchronous } from "./asynchronous.ts";
import { checkEvent } from "./check-event.ts";
import type { Answer } from "./environments/answer.ts";
import type { Pool } from "./environments/pool.ts";
import { type FunctionSettings, invocationBytesMax } from "./settings.ts";

export type LocalFunction = { readonly settings: FunctionSettings; readonly pool: Pool };

export type Invocations = {
  readonly run: (functionArn: string, payload: string) => Promise<Answer & { readonly requestId: string }>;
  readonly invoke: Operation;
  /** Runs the events that an earlier process accepted and did not finish. */
  readonly resume: () => void;
};

const eventBytesMax = 1024 * 1024;

const traceHeader = (now: number): string => {
  const id = uniqueId().replaceAll("-", "");
  const time = Math.floor(now / 1000).toString(16);
  return `Root=1-${time}-${id.slice(0, 24)};Parent=${id.slice(16)};Sampled=0`;
};

const checkSize = (payload: string, bytesMax: number, message: string) => {
  if (Buffer.byteLength(payload) > bytesMax) throw new ServiceError("RequestTooLargeException", message, 413);
};

export const invocations = (cloud: Cloud, all: ReadonlyMap<string, LocalFunction>): Invocations => {
  const arnOf = (nameOrArn: string): string => {
    const name = /^(?:arn:aws:lambda:[^:]*:[^:]*:function:)?([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
    // The ARN of another kind of resource stays unchanged, so that the refusal names it.
    if (name === "arn") return nameOrArn;
    return `arn:aws:lambda:${cloud.region}:${cloud.account}:function:${name}`;
  };

  const functionOf = (functionArn: string): LocalFunction => {
    const found = all.get(functionArn);
    if (found) return found;
    throw new ServiceError("ResourceNotFoundException", `Function not found: ${functionArn}`, 404);
  };

  const reportFailure = ({ id }: FunctionSettings, requestId: string, payload: string) => {
    const { errorType, errorMessage, trace } = JSON.parse(payload);
    const message = `the function failed: ${errorType}: ${errorMessage}`;
    const fields = { requestId, errorType, trace };
    cloud.report({ source: id, level: "problem", message, fields });
  };

  const run: Invocations["run"] = async (functionArn, payload) => {
    const { settings, pool } = functionOf(functionArn);
    const tooLarge = `Request must be smaller than ${invocationBytesMax} bytes for the InvokeFunction operation`;
    checkSize(payload, invocationBytesMax, tooLarge);
    const requestId = uniqueId();
    const answer = await pool.run({ requestId, payload, traceHeader: traceHeader(cloud.clock.now()) });
    if (answer.functionError) reportFailure(settings, requestId, answer.payload);
    return { ...answer, requestId };
  };

  const events = asynchronous(cloud, run);

  const accept = (functionArn: string, payload: string) => {
    functionOf(functionArn);
    const tooLarge = `${eventBytesMax} byte payload is too large for the Event invocation type`;
    checkSize(payload, eventBytesMax, tooLarge);
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
          `InvocationType ${InvocationType} does not run here`,
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

  return { run, invoke, resume: events.resume };
};
