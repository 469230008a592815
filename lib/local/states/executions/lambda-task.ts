/** One invocation of a function by a task, and AWS's error names for the possible failures. */
import { checkEvent } from "../../lambda/check-event.ts";
import { type Cloud, ServiceError } from "../../service/service.ts";
import { dataBytesMax, type Failure } from "../language/failure.ts";

type Outcome =
  | { readonly kind: "success"; readonly result: unknown }
  | { readonly kind: "failure"; readonly failure: Failure };

const causeLengthMax = 32_768;

/**
 * The event for the function. A string is sent unchanged, so it must be JSON. Null is sent as an empty body, which
 * Lambda reads as {} (localstack/localstack, test_lambda_task_service.snapshot.json: test_invoke, whose function
 * answers its event, and test_invoke_json_values). All other values are sent as JSON.
 */
const eventOf = (payload: unknown): string => {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  if (payload === null || text === "") return "{}";
  checkEvent(text);
  return text;
};

export const invoke = async (
  cloud: Cloud,
  roleArn: string,
  { functionName, payload }: { readonly functionName: string; readonly payload: unknown },
): Promise<Outcome> => {
  try {
    const caller = { kind: "role", arn: roleArn } as const;
    const invocation = await cloud.invoke(caller, functionName, eventOf(payload));
    const answer = invocation.payload ?? null;
    if (invocation.functionError) return failure(errorOf(answer));
    if (Buffer.byteLength(JSON.stringify(answer)) > dataBytesMax) return failure(tooLarge);
    return {
      kind: "success",
      result: {
        ExecutedVersion: "$LATEST",
        Payload: answer,
        SdkHttpMetadata: { HttpStatusCode: 200 },
        SdkResponseMetadata: { RequestId: invocation.requestId },
        StatusCode: 200,
      },
    };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return failure({ error: serviceErrorName(error), cause });
  }
};

const failure = ({ error, cause }: Failure): Outcome => ({
  kind: "failure",
  failure: { error, cause: cause?.slice(0, causeLengthMax) },
});

/** A function that is killed or times out may leave no error type. */
const errorOf = (answer: unknown): Failure => {
  const type =
    typeof answer === "object" && answer !== null && "errorType" in answer ? answer.errorType : undefined;
  const text = JSON.stringify(answer);
  return typeof type === "string" && type !== ""
    ? { error: type, cause: text }
    : {
        error: "Lambda.Unknown",
        cause: `The cause could not be determined because Lambda did not return an error type. Returned payload: ${text}`,
      };
};

const tooLarge: Failure = {
  error: "States.DataLimitExceeded",
  cause:
    "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
};

/** An error that does not come from the service comes from the client. */
const serviceErrorName = (error: unknown): string => {
  if (!(error instanceof ServiceError)) return "Lambda.SdkClientException";
  if (error.code.startsWith("AccessDenied")) return "Lambda.AWSLambdaException";
  return `Lambda.${error.code.replace(/(Exception)?$/, "Exception")}`;
};
