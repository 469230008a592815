/** The engines that `--saga` names, as context keys: `saga` for all sagas, and `saga.NAME` for one saga. */
import { sagaKey } from "../../lib/deploy/context/keys.ts";
import type { StartOptions } from "./options.ts";

type Chosen = StartOptions["engines"][number];

export const sagaContext = (engines: readonly Chosen[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    engines.map(({ saga, engine }) => [saga === undefined ? "saga" : sagaKey(saga), engine]),
  );
