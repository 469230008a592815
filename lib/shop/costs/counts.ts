/**
 * What one confirmed order with one line uses, as the local cloud counts it, if no other order runs at the same
 * time. Many concurrent orders need less, because the readers of the stream then get several commits per batch. A
 * test compares these numbers with its counts. If your change makes an order cost more or less, change them here.
 */

export type Counts = {
  /** By role of the function. */
  readonly invocations: Readonly<Record<string, number>>;
  readonly writeUnits: number;
  /** Extra write units if the commits of one task or row reach the read models in separate batches. */
  readonly writeUnitsApart: number;
  readonly readUnits: number;
  /** The number of events that are published. */
  readonly events: number;
  /**
   * The number of messages that the bus delivers to the queues of effects and sagas. Each is sent, received and
   * deleted.
   */
  readonly deliveries: number;
  /** The states that the state machine enters, including the last one. */
  readonly transitions: number;
  /** The deadlines that are set. */
  readonly schedules: number;
  /** The deadlines that are deleted before they are due. The saga gets a message for each of the others. */
  readonly deletedSchedules: number;
  /** The lines that the functions write at the log level `info`. */
  readonly logLines: number;
  /** The size of these lines, rounded up. It depends on the length of the ids. */
  readonly logBytes: number;
};

/** The counts that must be exact. */
export type ExactCounts = Omit<Counts, "writeUnitsApart" | "logBytes">;

export type EngineName = "step-functions" | "choreography";

export const counts: Readonly<Record<EngineName, Counts>> = {
  "step-functions": {
    invocations: { command: 1, project: 7, relay: 7, react: 2, task: 3, perform: 2 },
    writeUnits: 50,
    writeUnitsApart: 4,
    readUnits: 7,
    events: 7,
    deliveries: 4,
    transitions: 5,
    schedules: 0,
    deletedSchedules: 0,
    logLines: 22,
    logBytes: 8600,
  },
  choreography: {
    invocations: { command: 1, project: 7, relay: 7, choreograph: 2, perform: 2 },
    writeUnits: 47,
    writeUnitsApart: 4,
    readUnits: 4,
    events: 7,
    deliveries: 4,
    transitions: 0,
    schedules: 1,
    deletedSchedules: 1,
    logLines: 23,
    logBytes: 8900,
  },
};

/**
 * Other bytes in CloudWatch Logs: the line of the access log for a request, the two lines of Lambda for an invocation, and the
 * line of a query. AWS writes the first two, so their size is taken from examples.
 */
export const lineBytes = { access: 450, invocation: 380, query: 280 } as const;

/** Lambda writes no lines about their invocations that succeed. */
export const quietFunctions: readonly string[] = ["project", "relay"];

/**
 * What an Idempotency-Key adds to a request: the mark before the command, and the answer after it. The same request
 * again adds one refused write. The orders above have no key.
 */
export const keyed = { writeUnits: 2, readUnits: 0 } as const;

/** The write units of the inbox for an event of another system: when it arrives first, and when it is repeated. */
export const inboxUnits = { first: 2, repeated: 1 } as const;

/** A row of `GET /_local/calls`. */
export type Call = {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly count: number;
  readonly readUnits: number;
  readonly writeUnits: number;
};

const functions =
  /App(?:(Command)|Stream(Project|Relay)|Sagas\w+?(React|Choreograph|Task)|Effects\w+?(Perform))Function/;

const sum = (calls: readonly Call[], value: (call: Call) => number): number =>
  calls.reduce((total, call) => total + value(call), 0);

/**
 * What one order uses, if `calls` are the calls of several orders. Queries and the checks for stuck sagas do not
 * count.
 */
export const countsIn = (
  all: readonly Call[],
  orders: number,
  { events, transitions, logLines }: Pick<Counts, "events" | "transitions" | "logLines">,
): ExactCounts => {
  const calls = all.filter(({ role }) => !/App(Query|Inspect)/.test(role));
  const forOne = (chosen: readonly Call[], value: (call: Call) => number = ({ count }) => count) =>
    sum(chosen, value) / orders;
  const named = (action: string) => calls.filter((call) => call.action === action);
  const invocations: Record<string, number> = {};
  for (const { resource, count } of named("lambda:InvokeFunction")) {
    const role = functions.exec(resource)?.slice(1).find(Boolean)?.toLowerCase();
    if (role !== undefined) invocations[role] = (invocations[role] ?? 0) + count / orders;
  }
  const fromBus = named("sqs:SendMessage").filter(({ role }) => role === "events.amazonaws.com");
  return {
    invocations,
    writeUnits: forOne(calls, ({ writeUnits }) => writeUnits),
    readUnits: forOne(calls, ({ readUnits }) => readUnits),
    events: events / orders,
    deliveries: forOne(fromBus),
    transitions: transitions / orders,
    logLines: logLines / orders,
    schedules: forOne(named("scheduler:CreateSchedule")),
    deletedSchedules: forOne(named("scheduler:DeleteSchedule")),
  };
};
