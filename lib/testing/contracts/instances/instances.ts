/** The contract of every store of saga instances, by part of the port. */
import type { Instances } from "../../../ports/instances.ts";
import { historyContract } from "./history.ts";
import { limitsContract } from "./limits.ts";
import { listContract } from "./list.ts";
import { parkingContract } from "./parking.ts";

/** `make` answers a store that other tests may use at the same time. */
export const instancesContract = (name: string, make: () => Promise<Instances>): void => {
  historyContract(name, make);
  parkingContract(name, make);
  limitsContract(name, make);
  listContract(name, make);
};
