/** The data that `--fresh` deletes. */
import { refuseForeign, storesData } from "../../lib/local/machine/data-folder.ts";
import { type Bus, hasBrokers, isHere } from "../provision/environment.ts";

type Given = { readonly fresh: boolean; readonly data: string; readonly bus?: Bus | undefined };

/** Only a broker on this machine is emptied. */
export const emptiesBroker = ({ fresh, bus }: Pick<Given, "fresh" | "bus">): boolean =>
  fresh && hasBrokers(bus) && isHere(bus);

/** Empty if the folder is new or empty and no broker is emptied. Throws if the folder was not made by `npm start`. */
export const deletedBy = (given: Given): readonly string[] => {
  if (!given.fresh) return [];
  refuseForeign(given.data);
  return [
    ...(storesData(given.data) ? [`the data in ${given.data}`] : []),
    ...(emptiesBroker(given) ? [`the events that ${given.bus} on this machine holds`] : []),
  ];
};
