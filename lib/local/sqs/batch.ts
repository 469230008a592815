/** The batch operations of SQS. Each entry succeeds or fails separately. */
import { ServiceError } from "../service/service.ts";

type Entry = { readonly Id: string };

const check = (entries: readonly Entry[]) => {
  if (entries.length === 0)
    throw new ServiceError("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > 10)
    throw new ServiceError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  const ids = entries.map(({ Id }) => Id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new ServiceError("BatchEntryIdsNotDistinct", `Id ${repeated} repeated.`);
};

/** As on AWS, each entry can fail with an error of the sender. A bug is thrown. */
export const runBatch = <One extends Entry>(entries: readonly One[], run: (entry: One) => object) => {
  check(entries);
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries)
    try {
      successful.push({ Id: entry.Id, ...run(entry) });
    } catch (fault) {
      if (!(fault instanceof ServiceError)) throw fault;
      failed.push({ Id: entry.Id, SenderFault: true, Code: fault.code, Message: fault.message });
    }
  return { Successful: successful, ...(failed.length > 0 ? { Failed: failed } : {}) };
};
