/** The function of an event-source mapping: its ARN, and how the mapping calls it. */
import { uniqueId } from "../machine/random.ts";
import type { Cloud, Invocation, Resource } from "../service/service.ts";

/** The property FunctionName is a name or an ARN. */
export const mappedFunctionArn = (cloud: Cloud, nameOrArn: string): string =>
  nameOrArn.startsWith("arn:")
    ? nameOrArn
    : `arn:aws:lambda:${cloud.region}:${cloud.account}:function:${nameOrArn}`;

export type Invoke = (records: readonly unknown[]) => Promise<Invocation>;
export type Give = (event: unknown) => Promise<Invocation>;

/**
 * Lambda itself invokes a mapped function, so no right to invoke it is asked of the function's role. A
 * call that cannot be made (there is no such function) counts as a failed one, and is reported.
 */
export const giveOf =
  (cloud: Cloud, resource: Resource, functionArn: string): Give =>
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

/** The event of a queue and of a stream. */
export const recordsEvent = (Records: readonly unknown[]) => ({ Records });

export const invokeOf = (cloud: Cloud, resource: Resource, functionArn: string): Invoke => {
  const give = giveOf(cloud, resource, functionArn);
  return (records) => give(recordsEvent(records));
};
