/**
 * How each command line of the README and the guides is run. To show a command on a page, write it in a block `sh` and
 * add a row: a trial against a running shop; the file that runs it elsewhere; or why it cannot be run here.
 */
import { prints, printsAt, replaysOrders, startsTheShop, type Trial } from "./trials.ts";

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
  "npm run new -- ../library": { runBy: "test/new/run.ts" },
  "cd ../library": { runBy: "test/new/run.ts" },
  "npm install && npm test && npm start": { runBy: "test/new/run.ts" },
  "npx cdk synth": { runBy: ".ci/run" },
  "npx cdk deploy": { notRun: "it needs an AWS account; test/shop/templates compares what it would deploy" },
  "npm run replay -- --stock-times 40": replaysOrders,
  "npm run operate -- --help": prints("resume SAGA/ID --how retry|skip"),
  "npm run operate -- parked": printsAt("no stream is parked"),
};
