/** How topics are made, and whether they are emptied. */
import type { TopicOptions } from "../../lib/adapters/kafka/topics.ts";

export type ProvisionOptions = TopicOptions & {
  /** Deletes what earlier runs left there. */
  readonly emptied: boolean;
};
