/** An engine of sagas, as an option names it. */
import { formerEngine, offered } from "../../lib/deploy/context/keys.ts";
import { misused, wordOf } from "../command-line.ts";

/** Ends the process if there is no such engine. `option` is the option that names it. */
export const engineNamed = (option: string, given: string): (typeof offered.saga)[number] => {
  const former = formerEngine(given);
  return former === undefined ? wordOf(option, offered.saga, given) : misused(`--${option}: ${former}`);
};
