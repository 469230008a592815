/** Invokes the operate function, locally or deployed. Throws errors with messages for the user. */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { ownerCredentials } from "../../lib/local/gateway/credentials.ts";
import type { Operation } from "../../lib/model/operations/operation.ts";
import type { Place } from "./usage.ts";

type Target = { readonly lambda: LambdaClient; readonly functionName: string };

const resources = z.object({ endpoint: z.string(), outputs: z.object({ OperateFunction: z.string() }) });

const local = async (url: string): Promise<Target> => {
  const response = await fetch(`${url}/_local/resources`).catch(() => undefined);
  if (!response)
    throw new Error(`nothing answers at ${url}: run npm start, or name a deployed function with --function`);
  const found = resources.safeParse(await response.json().catch(() => undefined));
  if (!found.success) throw new Error(`${url} is not a local cloud with an operate function: check --url`);
  const { endpoint, outputs } = found.data;
  // The region does not matter, and the credentials of the shell must not be sent to the local cloud.
  const lambda = new LambdaClient({ endpoint, region: "eu-central-1", credentials: ownerCredentials });
  return { lambda, functionName: outputs.OperateFunction };
};

const targetAt = (place: Place): Promise<Target> | Target =>
  place.kind === "local"
    ? local(place.url)
    : { lambda: new LambdaClient({}), functionName: place.functionName };

const failure = z.object({ errorType: z.string(), errorMessage: z.string() });

export const invoke = async (place: Place, operation: Operation): Promise<unknown> => {
  const { lambda, functionName } = await targetAt(place);
  try {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(operation) }),
    );
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || "null");
    if (FunctionError === undefined) return answer;
    const { data: { errorType, errorMessage } = { errorType: FunctionError, errorMessage: "" } } =
      failure.safeParse(answer);
    throw new Error(`the function failed: ${errorType}: ${errorMessage}`);
  } finally {
    lambda.destroy();
  }
};
