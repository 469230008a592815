/** The options of `npm run conformance`. */
import { argumentsIn } from "../../../../bin/command-line/arguments.ts";
import { commonOptions, misused, numberOf, optionsOf, wordOf } from "../../../../bin/command-line.ts";
import { helpOption, helpText } from "../../../../bin/help/help.ts";
import { either } from "../../../../lib/model/either.ts";
import type { Extent } from "../product.ts";

/** Every `of`th scenario, starting with the `index`th. Counted from 1. */
export type Shard = { readonly index: number; readonly of: number };

export type Options = {
  /** Undefined for all engines. */
  readonly engine: string | undefined;
  /** Undefined for all sagas. */
  readonly saga: string | undefined;
  /** A number of random scenarios of the whole product, or all scenarios of an extent. */
  readonly extent: Extent | number;
  readonly seed: number;
  readonly shard: Shard;
  /** The options that repeat this run. */
  readonly repeat: string;
};

/** The values that options take. */
export type Known = { readonly engines: readonly string[]; readonly sagas: readonly string[] };

const extents = ["triples", "whole"] as const;

const helpFor = ({ engines, sagas }: Known): string =>
  helpText({
    usage: "npm run conformance -- [options]",
    about:
      "Reads the possible failures off the definition of each saga, plays them on each engine, and prints the counts. Each " +
      "scenario must end completed, compensated, or parked with its reason. Progress goes to stderr. Exit code 1 if a " +
      "scenario has a problem.",
    options: [
      { term: "--engine NAME", about: `only this engine: ${either(engines)}`, default: "all" },
      { term: "--saga NAME", about: `only this saga: ${either(sagas)}`, default: "all" },
      {
        term: "--extent EXTENT",
        about:
          "triples for combinations of at most three kinds of trouble, whole for all combinations, which takes hours, or a " +
          "number N for N random scenarios of the whole",
        default: "triples",
      },
      {
        term: "--seed N",
        about:
          "chooses the random scenarios, and the order of events within each; the same seed repeats a run",
        default: "1",
      },
      {
        term: "--shard I/N",
        about: "only every Nth scenario, starting with the Ith, so that N processes can share the work",
        default: "1/1",
      },
      helpOption,
    ],
    example: "npm run conformance -- --engine choreography --extent 500 --seed 7",
  });

const extentOf = (text: string): Options["extent"] => {
  const extent = extents.find((word) => word === text);
  if (extent) return extent;
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  return misused(`--extent: expected ${either([...extents, "a whole number from 1"])}, got ${text}`);
};

const shardOf = (text: string): Shard => {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || of === undefined || index < 1 || index > of)
    return misused(`--shard: expected I/N with I from 1 to N, got ${text}`);
  return { index, of };
};

const repeating = ({ help: _, ...given }: Readonly<Record<string, unknown>>): string =>
  Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${name} ${value}`)
    .join(" ");

/** Ends the process for `--help` and for wrong usage. */
export const conformanceOptions = (known: Known): Options => {
  const values = optionsOf(
    () =>
      argumentsIn({
        options: {
          help: commonOptions.help,
          engine: { type: "string" },
          saga: { type: "string" },
          extent: { type: "string", default: "triples" },
          seed: { type: "string", default: "1" },
          shard: { type: "string", default: "1/1" },
        },
      }),
    helpFor(known),
  );
  const { engine, saga, extent, seed, shard } = values;
  return {
    engine: engine === undefined ? undefined : wordOf("engine", known.engines, engine),
    saga: saga === undefined ? undefined : wordOf("saga", known.sagas, saga),
    extent: extentOf(extent),
    seed: numberOf("seed", seed, { from: 0 }),
    shard: shardOf(shard),
    repeat: repeating(values),
  };
};
