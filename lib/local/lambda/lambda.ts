/**
 * AWS::Lambda::Function, AWS::Logs::LogGroup and the service `lambda`. Each function runs its real bundle in worker
 * threads, with the environment variables of the template.
 */
import type { Assembly } from "../cloudformation/assembly.ts";
import type { Cloud, Provider, Resource } from "../service/service.ts";
import { functionPool } from "./environments/function-pool.ts";
import type { CallApi } from "./environments/thread.ts";
import { firstFunctions } from "./first.ts";
import { type Invocations, invocations, type LocalFunction } from "./invocations.ts";
import { settingsOf } from "./settings.ts";

type FunctionOptions = {
  readonly assembly: Pick<Assembly, "assets">;
  /** The URL of the gateway. */
  readonly endpoint: string;
  readonly callApi: CallApi;
};

export type Functions = Provider & {
  readonly run: Invocations["run"];
  /** Loads the functions that are called first, so that the first request does not wait for a cold start. */
  readonly warm: () => void;
};

const stopMillisecondsMax = 3000;

/** How far the clock is ahead, in memory that is shared with the threads of functions. */
const sharedAhead = ({ clock }: Cloud): Float64Array => {
  const ahead = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  ahead[0] = clock.ahead();
  clock.onAdvance((milliseconds) => {
    ahead[0] = milliseconds;
  });
  return ahead;
};

export const functions = (
  cloud: Cloud,
  resources: readonly Resource[],
  { assembly, endpoint, callApi }: FunctionOptions,
): Functions => {
  const ahead = sharedAhead(cloud);
  const all: ReadonlyMap<string, LocalFunction> = new Map(
    resources
      .filter(({ type }) => type === "AWS::Lambda::Function")
      .map((resource) => {
        const settings = settingsOf(resource, assembly);
        return [
          resource.arn,
          { settings, pool: functionPool(cloud, settings, { endpoint, callApi, ahead }) },
        ];
      }),
  );
  const pools = () => [...all.values()].map(({ pool }) => pool);
  const { run, invoke, resume } = invocations(cloud, all);

  return {
    run,
    warm: () => {
      for (const functionArn of firstFunctions(cloud)) all.get(functionArn)?.pool.warm();
    },
    services: [{ name: "lambda", operations: { Invoke: invoke } }],
    start: resume,
    stop: async () => {
      const until = Date.now() + stopMillisecondsMax;
      const isBusy = () => pools().some((pool) => pool.isBusy());
      while (isBusy() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
      await Promise.all(pools().map((pool) => pool.stop()));
    },
  };
};
