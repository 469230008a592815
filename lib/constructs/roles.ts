/**
 * The roles of functions, with memory and timeout. Each role is a file of the same name in `lambdas`. The visibility
 * timeout of a queue is a multiple of its function's timeout, so functions behind queues have short timeouts.
 */
import { usualDelivery } from "../model/delivery/delivery-policy.ts";

type Needs = {
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /**
   * Another alarm reports that the function fails: IteratorAge for a reader of the event table, and SagaDelayed for a task,
   * which answers its state machine by errors.
   */
  readonly errorsAreReported?: true;
  /**
   * At the log level `info`, Lambda writes no lines about the invocations that succeed. The function runs for each commit, so
   * these lines would be a third of the bytes of Lambda. They have no correlation id.
   */
  readonly onlyFailuresAreLogged?: true;
};

const reader = {
  memoryMegabytes: 512,
  timeoutSeconds: 30,
  errorsAreReported: true,
  onlyFailuresAreLogged: true,
} as const satisfies Needs;

const roles = {
  command: { memoryMegabytes: 1024, timeoutSeconds: 15 },
  query: { memoryMegabytes: 512, timeoutSeconds: 10 },
  resume: { memoryMegabytes: 512, timeoutSeconds: 15 },
  inspect: { memoryMegabytes: 512, timeoutSeconds: 120 },
  relay: reader,
  repair: { memoryMegabytes: 512, timeoutSeconds: 30 },
  project: reader,
  react: { memoryMegabytes: 512, timeoutSeconds: 30 },
  choreograph: { memoryMegabytes: 512, timeoutSeconds: 30 },
  "saga-task": { memoryMegabytes: 512, timeoutSeconds: 30, errorsAreReported: true },
  translate: { memoryMegabytes: 512, timeoutSeconds: 30 },
  perform: { memoryMegabytes: 512, timeoutSeconds: usualDelivery.timeoutSeconds },
  operate: { memoryMegabytes: 1024, timeoutSeconds: 900 },
} as const satisfies Readonly<Record<string, Needs>>;

/** The role of a function. */
export type Role = keyof typeof roles;

/** The memory and the timeout of a role. */
export const needsOf = (role: Role): Needs => roles[role];
