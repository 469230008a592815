/** Changes that a team has accepted, each with its reason. An acknowledgement names exactly one change. */
import * as z from "zod";
import { type Change, sentenceOf } from "./changes/change.ts";

export const acknowledgements = z.array(
  z.strictObject({
    /** The line of the change in the output, without its kind. */
    change: z.string(),
    because: z.string().trim().min(1, "expected a reason, got an empty one"),
  }),
);

export type Acknowledgement = z.infer<typeof acknowledgements>[number];

export type Judged = Change & {
  /** The reason why it was accepted. */
  readonly acknowledged?: string;
};

/** Each change with its acknowledgement, and the acknowledgements that match none. */
export const judged = (
  changes: readonly Change[],
  all: readonly Acknowledgement[],
): { readonly changes: readonly Judged[]; readonly stale: readonly string[] } => {
  const reasons = new Map(all.map(({ change, because }) => [change, because]));
  const found = new Set(changes.map(sentenceOf));
  return {
    changes: changes.map((change) => ({ ...change, acknowledged: reasons.get(sentenceOf(change)) })),
    stale: [...reasons.keys()].filter((change) => !found.has(change)),
  };
};
