/**
 * What an order with one line needs that is confirmed, if it comes alone: as the local cloud counts it. Many orders at
 * once need no more, because the readers of the stream then have more than one commit in a batch. A test compares these
 * numbers with what it counts: if your change makes an order dearer or cheaper, change them here.
 */

export type Counts = {
  /** By the role of the function. */
  readonly invocations: Readonly<Record<string, number>>;
  readonly writeUnits: number;
  /** Needed as well if the commits that one task stores in a row come to the read models in batches of their own. */
  readonly writeUnitsApart: number;
  readonly readUnits: number;
  /** What is published. */
  readonly events: number;
  /** What comes to the queues of effects and sagas over the bus, each message sent, received and deleted. */
  readonly deliveries: number;
  /** States that the machine enters, its last one too. */
  readonly transitions: number;
  /** Deadlines that are due in the end, each a message to the saga, which reads where it stands. */
  readonly schedules: number;
};

export type EngineName = "step-functions" | "choreography";

export const counts: Readonly<Record<EngineName, Counts>> = {
  "step-functions": {
    invocations: { command: 1, project: 7, relay: 7, react: 2, task: 3, perform: 2 },
    writeUnits: 51,
    writeUnitsApart: 4,
    readUnits: 7,
    events: 7,
    deliveries: 4,
    transitions: 5,
    schedules: 0,
  },
  choreography: {
    invocations: { command: 1, project: 7, relay: 7, choreograph: 7, perform: 2 },
    writeUnits: 60,
    writeUnitsApart: 0,
    readUnits: 9,
    events: 7,
    deliveries: 9,
    transitions: 0,
    schedules: 6,
  },
};

/**
 * What an Idempotency-Key adds to a request: the mark before its command, the answer after it. The same request again
 * adds one refused write. The orders above have no key.
 */
export const keyed = { writeUnits: 2, readUnits: 0 } as const;

/** Write units of the inbox, for an event of another system that comes for the first time, and for a repetition. */
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

/** What so many orders took, for one; queries and looks for stuck sagas are not the orders'. */
export const countsIn = (
  all: readonly Call[],
  orders: number,
  { events, transitions }: Pick<Counts, "events" | "transitions">,
): Omit<Counts, "writeUnitsApart"> => {
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
    schedules: forOne(named("scheduler:CreateSchedule")),
  };
};
