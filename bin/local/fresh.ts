/** What `--fresh` deletes. */
import { refuseForeign, storesData } from "../../lib/local/machine/data-folder.ts";
import { hasBrokers, isHere } from "../provision/environment.ts";

type Given = { readonly fresh: boolean; readonly data: string; readonly bus?: string | undefined };

/** A broker elsewhere is left alone. */
export const emptiesBroker = ({ fresh, bus }: Pick<Given, "fresh" | "bus">): boolean =>
  fresh && hasBrokers(bus) && isHere(bus);

/** Nothing, if the folder is new or empty and no broker is emptied. Throws if the folder is not ours to empty. */
export const deletedBy = (given: Given): readonly string[] => {
  if (!given.fresh) return [];
  refuseForeign(given.data);
  return [
    ...(storesData(given.data) ? [`the data in ${given.data}`] : []),
    ...(emptiesBroker(given) ? [`the events that ${given.bus} on this machine holds`] : []),
  ];
};
