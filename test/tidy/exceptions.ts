/**
 * What breaks a rule of `tidy.test.ts`, and why it may. Each test compares what it finds with its rows: what has no row
 * fails, and so does a row that nothing needs. Mend the code rather than add a row.
 */

export type Exceptions = Readonly<Record<string, string>>;

/** The findings that have no row, and the rows that have no finding. */
export const differences = (found: readonly string[], allowed: Exceptions): readonly string[] => [
  ...[...new Set(found)].filter((finding) => !Object.hasOwn(allowed, finding)),
  ...Object.keys(allowed)
    .filter((finding) => !found.includes(finding))
    .map((finding) => `${finding}: remove this exception, nothing needs it`),
];

/** Files that read `process.env` themselves. */
export const environmentReaders: Exceptions = {
  "lib/adapters/kafka/msk/token.ts": "signs with the credentials that Lambda puts there",
  "lib/deploy/synthesize.ts": "the CDK command line says there which folder it reads",
  "lib/local/dynamodb/engine-binary.ts": "the user says there which engine to run",
};

/** Files that have a clock, a timer or randomness of their own. */
export const clocks: Exceptions = {
  "lib/adapters/dynamodb/read-models/read-models.ts":
    "waits as the SDK does before it asks for unprocessed keys again",
  "lib/adapters/kafka/client.ts":
    "kafkajs asks for a token when it connects, and a token holds the time of its signature",
  "lib/adapters/kafka/dead-letters/backlog.ts": "waits for a broker, as kafkajs itself does",
  "lib/adapters/kafka/subscriber.ts": "the broker measures the time between heartbeats",
  "lib/adapters/rabbitmq/handler/within.ts": "limits how long a broker may take to answer",
  "lib/local/dynamodb/tables.ts": "waits for the engine, a process of its own",
  "lib/local/http-api/http-api.ts": "limits how long a function, which runs in a thread, may take to answer",
  "lib/local/lambda/environment.ts": "limits how long a function, which runs in a thread, may take",
  "lib/local/lambda/lambda.ts": "limits how long threads may take to end",
  "lib/local/lambda/pool.ts": "ends threads that are idle, and measures how long a task waits for one",
  "lib/local/machine/listener.ts": "limits how long connections may take to end",
  "lib/local/mapping/is-done-within.ts": "limits how long a broker may take to answer",
};

/** Files that no lambda and no command needs. */
export const unreachable: Exceptions = {
  "lib/adapters/kafka/subscriber.ts": "for tests with a broker, in place of the event source mapping",
  "lib/adapters/rabbitmq/consumer.ts": "for tests with a broker, in place of the event source mapping",
  "lib/deploy/no-application.ts": "the package has it in place of an application",
  "lib/adapters/system/credentials.ts": "the bundler puts it in place of a module of the SDK",
  "lib/shop/payments/memory-payment-provider.ts": "for tests of the shop without network",
};

/** Exports that no other file needs, in files that are needed. */
export const exportsWithoutUse: Exceptions = {
  "bin/package/tarball.ts: tarball: remove it": "eventfold new packs with it",
  "lib/shop/costs/counts.ts: countsIn: only tests need it: move it to lib/testing or test":
    "a test compares the counts with what an order takes",
  "lib/shop/costs/counts.ts: keyed: only tests need it: move it to lib/testing or test":
    "a test compares the counts with what a keyed order takes",
};
