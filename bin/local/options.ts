/** The options of `eventfold start`. */
import { offered } from "../../lib/deploy/context/keys.ts";
import { argumentsIn } from "../command-line/arguments.ts";
import { engineNamed } from "../command-line/engine-named.ts";
import { commonOptions, numberOf, optionsOf, wordOf } from "../command-line.ts";
import { helpText } from "../help/help.ts";
import { startHelp } from "../help/running.ts";

const help = helpText(startHelp);

const parse = () =>
  argumentsIn({
    options: {
      ...commonOptions,
      port: { type: "string", default: "3000" },
      data: { type: "string", default: ".eventfold" },
      fresh: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      "accept-breaks": { type: "boolean", default: false },
      dynamodb: { type: "string" },
      tokens: { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      saga: { type: "string", multiple: true },
      bus: { type: "string" },
      cors: { type: "string", multiple: true },
    },
  });

/** `NAME=ENGINE` is for one saga, `ENGINE` for all. */
const engineOf = (choice: string) => {
  const [first = "", engine] = choice.split("=");
  return engine === undefined
    ? { engine: engineNamed("saga", first) }
    : { saga: first, engine: engineNamed(`saga ${first}=ENGINE`, engine) };
};

export type StartOptions = ReturnType<typeof startOptions>;

/** Ends the process if an option is wrong. */
export const startOptions = () => {
  const { port, bus, saga = [], ...given } = optionsOf(parse, help);
  return {
    ...given,
    port: numberOf("port", port, { from: 0, to: 65_535 }),
    bus: bus === undefined ? undefined : wordOf("bus", offered.bus, bus),
    engines: saga.map(engineOf),
  };
};
