/** The function of an event source mapping: its ARN, and how the mapping calls it. */
import { uniqueId } from "../machine/random.ts";
import type { Cloud, Invocation, Resource } from "../service/service.ts";

/** The property FunctionName is a name or an ARN. */
export const mappedFunctionArn = (cloud: Pick<Cloud, "region" | "account">, nameOrArn: string): string =>
  nameOrArn.startsWith("arn:")
    ? nameOrArn
    : `arn:aws:lambda:${cloud.region}:${cloud.account}:function:${nameOrArn}`;

type InvokeWithRecords = (records: readonly unknown[]) => Promise<Invocation>;
export type InvokeFunction = (event: unknown) => Promise<Invocation>;

/**
 * Lambda itself invokes the function of a mapping, so the function's role needs no right to invoke it. If the call is
 * not possible, for example because the function does not exist, it counts as failed and is reported.
 */
export const functionInvoker =
  (cloud: Cloud, resource: Resource, functionArn: string): InvokeFunction =>
  async (event) => {
    try {
      return await cloud.invoke({ kind: "owner" }, functionArn, JSON.stringify(event));
    } catch (fault) {
      cloud.report({
        source: resource.id,
        level: "problem",
        message: `cannot invoke ${functionArn}: ${fault}`,
      });
      return { requestId: uniqueId(), payload: { errorMessage: String(fault) }, functionError: "Unhandled" };
    }
  };

/** The form of the event for queues and streams. */
export const recordsEvent = (Records: readonly unknown[]) => ({ Records });

export const recordsInvoker = (cloud: Cloud, resource: Resource, functionArn: string): InvokeWithRecords => {
  const invoke = functionInvoker(cloud, resource, functionArn);
  return (records) => invoke(recordsEvent(records));
};
