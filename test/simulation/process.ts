/**
 * A process of the simulation: its ports take time, and any of its operations may be the last. A process that dies
 * leaves only what its operations did: its `catch` blocks do not run.
 */
import type { Delivery } from "./delivery.ts";
import type { Timeline } from "./timeline.ts";

/** Wraps a port so that this process uses it. */
export type Reach = <Port extends object>(port: Port) => Port;

/** Records the name of each operation when it is called. */
export const recording =
  (operations: string[]): Reach =>
  (port) =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...parameters: unknown[]) => {
          operations.push(String(name));
          return Reflect.apply(member, target, parameters);
        };
      },
    });

/** Wraps all of these ports so that this process uses them. */
export const reachAll = <Ports extends object>(reach: Reach, ports: Ports): Ports =>
  new Proxy(ports, {
    get: (target, name) => {
      const port: unknown = Reflect.get(target, name);
      return typeof port === "object" && port !== null ? reach(port) : port;
    },
  });

const latencyMillisecondsMax = 20;

const operationsFew = 6;
/** Fewer than the retries of a state machine. */
const mishapsMax = 8;

const never = new Promise<never>(() => undefined);

/** `tries` is the number of this attempt, from 1. */
export const live = <Result>(
  time: Timeline,
  { mishap, shuffled }: Delivery,
  tries: number,
  run: (reach: Reach) => Promise<Result>,
): Promise<Result> => {
  /** If shuffled, the last operation is random, so that no two operations always happen together. */
  const last = shuffled && tries <= mishapsMax ? 1 + time.below(tries + operationsFew) : tries;
  let operations = 0;
  let isAlive = true;
  let die: (error: Error) => void = () => undefined;
  const death = new Promise<never>((_, reject) => {
    die = reject;
  });

  const fail = () => {
    throw new Error(`fault: operation ${operations} of try ${tries} got no answer`);
  };

  const operate = async (perform: () => unknown) => {
    await time.sleep(shuffled ? time.below(latencyMillisecondsMax) : 0);
    if (!isAlive) return never;
    operations += 1;
    if (mishap === "fault" && 2 * operations - 1 === last) fail();
    const result = await perform();
    if (mishap === "fault" && 2 * operations === last) fail();
    if (mishap !== "crash" || operations !== last) return result;
    isAlive = false;
    die(new Error(`crash: died after operation ${operations}`));
    return never;
  };

  const reach: Reach = (port) =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function"
          ? (...parameters: unknown[]) => operate(() => Reflect.apply(member, target, parameters))
          : member;
      },
    });

  return Promise.race([run(reach), death]);
};
