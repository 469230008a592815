/**
 * How each command line of the README and the guides is run. To show a command on a page, write it in a block `sh` and
 * add a row: a trial against a running shop; the file that runs it elsewhere; or why it cannot be run here.
 */
import { deployCommands } from "./deploy-commands.ts";
import { printsAt, replaysOrders, startsTheShop, type Trial } from "./trials.ts";

type Elsewhere = {
  /** The file that runs this line, or the same line with another folder or port. */
  readonly runBy: string;
};

type Unrun = {
  /** Why no test runs it, and what is tested instead. */
  readonly notRun: string;
};

export type Row = Trial | Elsewhere | Unrun;

export const commands: Readonly<Record<string, Row>> = {
  "npm ci && npm start": startsTheShop,
  "npm ci && npm test": { runBy: ".ci/run" },
  "npm ci": { runBy: ".ci/run" },
  "npm run new -- ../library": { runBy: "test/new/run.ts" },
  "cd ../library": { runBy: "test/new/run.ts" },
  "npm install && npm test && npm start": { runBy: "test/new/run.ts" },
  "npx cdk synth": { runBy: ".ci/run" },
  "npx cdk bootstrap": { notRun: "it needs an AWS account, and is a command of the CDK alone" },
  "npx cdk deploy": { notRun: "it needs an AWS account; test/shop/templates compares what it would deploy" },
  "npm run replay -- --stock-times 40": replaysOrders,
  "npx eventfold operate parked": printsAt("no stream is parked"),
  "npx eventfold operate resume checkout/1 --how retry --actor ada": printsAt(
    "refused: checkout/1 is completed, not parked",
    1,
  ),
  "npx eventfold operate stuck": printsAt("no saga is stuck"),
  "npx eventfold operate dead-letters": printsAt("there are no dead letters"),
  "npx eventfold operate redrive stock-level inventory-pear": printsAt(
    "stock-level has processed all events of inventory-pear",
  ),
  "npx eventfold operate redrive send-confirmation --stream order-1": printsAt(
    "send-confirmation has no dead letters of order-1",
  ),
  "npx eventfold operate republish inventory-pear": printsAt("inventory-pear"),
  "npx eventfold document --check": { runBy: "test/bin/compat.test.ts" },
  "npx eventfold compat --require": { runBy: "test/bin/compat.test.ts" },
  "npm run combinations -- --orders 100": { runBy: ".ci/run" },
  "npm run combinations -- --orders 200 --concurrency 1,16 --runs 5": {
    notRun: "it takes half an hour; .ci/run plays each combination once",
  },
  "npm start -- --tokens": { runBy: "test/library/e2e/tokens.test.ts" },
  'curl http://127.0.0.1:3000/_local/tokens -d \'{"subject":"ada","scopes":["customer"]}\'': {
    runBy: "test/local/issuer/issuer.test.ts",
  },
  "npm run brokers": { notRun: "it ends with Ctrl-C; test/brokers starts the same brokers" },
  "KAFKA_BROKERS=127.0.0.1:9092 npm start -- --bus kafka": { runBy: "bin/shop/combinations/run.ts" },
  "AMQP_URL=amqp://guest:guest@127.0.0.1:5672 npm start -- --bus rabbitmq --saga choreography": {
    runBy: "bin/shop/combinations/run.ts",
  },
  ...deployCommands,
};
