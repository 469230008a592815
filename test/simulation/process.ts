/**
 * A process of the simulation: the ports that it uses take their time, and one of its operations may be its last.
 * A process that dies leaves nothing behind but what its operations did: not even its `catch` runs.
 */
import type { Delivery } from "./delivery.ts";
import type { Timeline } from "./timeline.ts";

/** The same port, as this process reaches it. */
export type Reach = <Port extends object>(port: Port) => Port;

/** Writes down the name of each operation when it is called. */
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

/** All of these ports, as this process reaches them. */
export const reachAll = <Ports extends object>(reach: Reach, ports: Ports): Ports =>
  new Proxy(ports, {
    get: (target, name) => {
      const port: unknown = Reflect.get(target, name);
      return typeof port === "object" && port !== null ? reach(port) : port;
    },
  });

const latencyMillisecondsMax = 20;

const operationsFew = 6;
/** Fewer than a state machine has patience with. */
const mishapsMax = 8;

const never = new Promise<never>(() => undefined);

/** `tries` is how often this has been begun, this time included. */
export const live = <Result>(
  time: Timeline,
  { mishap, shuffled }: Delivery,
  tries: number,
  run: (reach: Reach) => Promise<Result>,
): Promise<Result> => {
  /** By chance also others than the last that was reached, so that no two operations are always done together. */
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
