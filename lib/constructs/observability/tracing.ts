/** X-Ray records the invocations of a function. The role needs the rights, and the function the mode. */
import { type FunctionOptions, Tracing as Mode } from "aws-cdk-lib/aws-lambda";
import type { Reasons } from "../findings/acknowledge.ts";
import type { Statement, Tracing } from "../ports.ts";

/** Segments and telemetry have no ARN, so these actions accept no other resource than `*`. */
const send: Statement = {
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
  wildcard: "The actions of X-Ray that send traces do not support resources.",
};

const off: Reasons = {
  "Serverless-LambdaTracing":
    "Tracing is charged per trace, so it is off unless the deployment asks for it with tracing=xray. The log links the parts of a request by their correlation id.",
};

type Traced = Pick<FunctionOptions, "tracing"> & {
  readonly statements: readonly Statement[];
  readonly accepted: Reasons;
};

/** What a function needs for this tracing, and the findings of cdk-nag to accept. */
export const tracingOf = (tracing: Tracing): Traced =>
  tracing === "xray"
    ? { tracing: Mode.ACTIVE, statements: [send], accepted: {} }
    : { statements: [], accepted: off };
