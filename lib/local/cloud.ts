/** Makes the `Cloud` that the providers of the local cloud are given. */
import type { TableWrites } from "./dynamodb/table-writes.ts";
import type { Dispatch } from "./gateway/dispatch.ts";
import type { RunFunction } from "./http-api/http-api.ts";
import type { Access } from "./iam/access.ts";
import { roleCallerOf } from "./lambda/environments/function-pool.ts";
import type { Clock } from "./machine/clock.ts";
import type { Journal } from "./machine/journal.ts";
import type { Caller, Cloud, Resource } from "./service/service.ts";

type CloudOptions = {
  readonly region: string;
  readonly account: string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly resources: readonly Resource[];
  readonly access: Access;
  readonly call: Dispatch;
  /** Checks that the caller has the right to invoke the function. */
  readonly run: RunFunction;
  readonly report: Cloud["report"];
  readonly writes: TableWrites;
};

/** The caller that each function is when it calls AWS APIs, by the ARN of the function. */
export const callersOf = (resources: readonly Resource[]): ReadonlyMap<string, Caller> =>
  new Map(
    resources
      .filter(({ type }) => type === "AWS::Lambda::Function")
      .map(({ name, arn, properties }) => [arn, roleCallerOf({ name, roleArn: String(properties.Role) })]),
  );

export const cloudOf = ({ access, call, run, writes, ...given }: CloudOptions): Cloud => {
  const running = given.resources.filter(({ notRun }) => notRun === undefined);
  const byArn = new Map(running.map((resource) => [resource.arn, resource]));
  const callers = callersOf(given.resources);

  return {
    ...given,
    call,
    find: (arn) => byArn.get(arn),
    invoke: async (caller, functionArn, event) => {
      const answer = await run(caller, functionArn, event);
      return { ...answer, payload: JSON.parse(answer.payload) };
    },
    authorize: access.authorize,
    roleOf: (functionArn) => {
      const caller = callers.get(functionArn);
      if (caller) return caller;
      throw new Error(`there is no function ${functionArn}`);
    },
    onTableWrite: writes.listen,
  };
};
