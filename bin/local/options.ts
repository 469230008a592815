/** What `eventfold start` can be asked for. */
import { parseArgs } from "node:util";
import { commonOptions, numberOf, optionsOf } from "../command-line.ts";

const help = `eventfold start [options]        here: npm start -- [options]

Synthesizes the stack and runs every resource of it on this machine.

  --port N            where the API answers; 0 takes any free port   (3000)
  --data DIR          what it keeps over restarts                    (.eventfold)
  --fresh             empties that folder first, and a broker on this machine; the folder must be new, empty
                      or one that npm start made, and not in use. Asks first if this deletes data
  --yes               answers yes to that question; needed if there is no terminal to ask on
  --dynamodb URL      another DynamoDB endpoint instead of the embedded engine
  --bus BUS           eventbridge; or kafka at KAFKA_BROKERS, rabbitmq at AMQP_URL         (eventbridge)
  --saga ENGINE       step-functions, express, or choreography: sagas by events alone; NAME=ENGINE for one
                      saga (auto: express if no step waits, else step-functions)
  --cors ORIGIN       pages of this origin may call the API; more with commas, or again
  --quiet             no live log
  --json              prints one JSON document to stdout once the API answers; the live log goes to stderr
  --help              this text
`;

const parse = () =>
  parseArgs({
    options: {
      ...commonOptions,
      port: { type: "string", default: "3000" },
      data: { type: "string", default: ".eventfold" },
      fresh: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      dynamodb: { type: "string" },
      quiet: { type: "boolean", default: false },
      saga: { type: "string", multiple: true },
      bus: { type: "string" },
      cors: { type: "string", multiple: true },
    },
  });

/** Ends the process if an option is wrong. */
export const startOptions = () => {
  const { port, ...given } = optionsOf(parse, help);
  return { ...given, port: numberOf("port", port, { from: 0, to: 65_535 }) };
};
