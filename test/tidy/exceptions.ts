/**
 * Exceptions to the rules of `tidy.test.ts`, with their reasons. Each test compares its findings with its rows: it
 * fails for a finding without a row, and for a row without a finding. Fix the code instead of adding a row.
 */

export type Exceptions = Readonly<Record<string, string>>;

/** The findings without a row, and the rows without a finding. */
export const differences = (found: readonly string[], allowed: Exceptions): readonly string[] => [
  ...[...new Set(found)].filter((finding) => !Object.hasOwn(allowed, finding)),
  ...Object.keys(allowed)
    .filter((finding) => !found.includes(finding))
    .map((finding) => `${finding}: remove this exception, nothing needs it`),
];

/** Files that read `process.env` themselves. */
export const environmentReaders: Exceptions = {
  "lib/deploy/cdk-app.ts": "the CDK command line sets there whether it debugs",
  "lib/deploy/synthesize.ts": "the CDK command line sets there which folder it reads",
  "lib/local/dynamodb/engine/running-engine.ts": "the user sets there which engine to run",
};

/** Files that use a clock, a timer or randomness directly. */
export const clocks: Exceptions = {
  "lib/adapters/dynamodb/read-models/load-rows.ts":
    "waits as the SDK does before it requests unprocessed keys again",
  "lib/adapters/kafka/client.ts":
    "kafkajs asks for a token when it connects, and a token contains the time of its signature",
  "lib/adapters/kafka/dead-letters/backlog.ts": "waits for a broker, as kafkajs itself does",
  "lib/adapters/kafka/subscriber.ts": "the broker measures the time between heartbeats",
  "lib/adapters/rabbitmq/handler/within.ts": "limits how long a broker may take to answer",
  "lib/local/dynamodb/engine/engine-process.ts": "waits for the engine, which is a separate process",
  "lib/local/dynamodb/tables.ts": "waits for the engine, which is a separate process",
  "lib/local/http-api/http-api.ts": "limits how long a function, which runs in a thread, may take to answer",
  "lib/local/lambda/environments/environment.ts":
    "limits how long a function, which runs in a thread, may take",
  "lib/local/lambda/environments/idle-environments.ts": "stops threads that have been idle for too long",
  "lib/local/lambda/environments/pool.ts": "measures how long a task waits for a thread",
  "lib/local/lambda/lambda.ts": "limits how long threads may take to end",
  "lib/local/machine/listener.ts": "limits how long connections may take to end",
  "lib/local/mapping/is-done-within.ts": "limits how long a broker may take to answer",
};

/** Files that no lambda and no command needs. */
export const unreachable: Exceptions = {
  "lib/adapters/kafka/subscriber.ts": "for tests with a broker, instead of the event source mapping",
  "lib/adapters/rabbitmq/consumer.ts": "for tests with a broker, instead of the event source mapping",
  "lib/deploy/no-application.ts": "the package uses it instead of an application",
  "lib/adapters/system/credentials.ts": "the bundler uses it instead of a module of the SDK",
  "lib/shop/payments/memory-payment-provider.ts": "for tests of the shop without a network",
};

/** Exports that no other file needs, in files that are needed. */
export const exportsWithoutUse: Exceptions = {
  "lib/shop/costs/counts.ts: countsIn: only tests need it: move it to lib/testing or test":
    "a test compares the counts with the calls of an order",
  "lib/shop/costs/counts.ts: keyed: only tests need it: move it to lib/testing or test":
    "a test compares the counts with the calls of a keyed order",
};

/** Files with a function of more than 60 lines of code. */
export const longFunctions: Exceptions = {
  "lib/adapters/memory/saga-engine.ts": "one loop moves every execution, with its attempts and its end",
  "lib/constructs/event-sourced-application.ts": "each construct gets the constructs before it",
};

/** Files with a function of more than three parameters. */
export const manyParameters: Exceptions = {
  "bin/package/shop.ts": "the callback of replaceAll gets the match and its groups",
  "bin/shop/replay/orders.ts": "an order, its prefix and its pace, at an instance",
  "bin/shop/replay/stock.ts": "products, how often and for which run, at an instance",
  "lib/adapters/memory/saga-engine.ts": "the port SagaEngine has four",
  "lib/adapters/stepfunctions/saga-engine.ts": "the port SagaEngine has four",
  "lib/compile/compatibility/schemas/refusals.ts": "a field of two schemas",
  "lib/compile/documents/asyncapi.ts": "a message, by source, category and type",
  "lib/compile/documents/diagrams.ts": "a box, with its text",
  "lib/model/events/past.ts": "a version: its type, number, schema and example, a row in a list",
  "lib/compile/documents/events-document.ts": "an event, by category and type",
  "lib/deploy/context/keys.ts": "a key and its value, with the keys that the application has",
  "lib/model/decider.ts": "a decision: decider, command, state and context",
  "lib/model/json/storable-event.ts": "an error that names decider, event and field",
  "lib/runtime/sagas/deliveries.ts": "its ports, and three values that nothing groups",
  "lib/runtime/sagas/park-refused.ts": "its ports, and three values that nothing groups",
  "lib/runtime/sagas/report-step.ts": "its ports, and three values that nothing groups",
  "lib/runtime/sagas/saga-report.ts": "its ports, and three values that nothing groups",
  "lib/testing/contracts/read-models/stored-rows.ts": "a query of a list",
  "lib/testing/saga-cases.ts": "a recorded event: stream, version, command and message",
};

/** Folders with more than 12 files. */
export const largeFolders: Exceptions = {
  lambdas: "one file for each role of a function",
  "lib/adapters/memory": "one file for each port",
  "lib/ports": "one file for each port",
  "lib/runtime/sagas": "one file for each step of a saga",
};
