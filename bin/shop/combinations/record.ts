/** Writes measured speeds to the file from which the guide takes them. */
import { writeFile } from "node:fs/promises";
import { type Speed, speeds } from "../../../lib/shop/costs/speeds.ts";

const file = "lib/shop/costs/measured.ts";

const lineOf = ({ bus, engine, ...numbers }: Speed): string =>
  `  ["${bus}", "${engine}", ${Object.values(numbers).join(", ")}],`;

/** The text of the file. The speeds of other buses stay, and so does the order of the buses. */
export const measuredText = (recorded: readonly Speed[], measured: readonly Speed[]): string => {
  const speedsOf = (bus: string, from: readonly Speed[]) => from.filter((each) => each.bus === bus);
  const buses = new Set([...recorded, ...measured].map(({ bus }) => bus));
  const all = [...buses].flatMap((bus) => {
    const found = speedsOf(bus, measured);
    return found.length > 0 ? found : speedsOf(bus, recorded);
  });
  const about = "/** `npm run combinations -- --record` writes this file. `speeds.ts` names the columns. */";
  return `${about}\n${["export const measured = [", ...all.map(lineOf), "] as const;"].join("\n")}\n`;
};

export const record = (measured: readonly Speed[]): Promise<void> =>
  writeFile(file, measuredText(speeds, measured));
