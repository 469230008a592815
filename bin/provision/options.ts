/** The options of topics, and whether to delete existing events. */
import type { TopicOptions } from "../../lib/adapters/kafka/topics.ts";

export type ProvisionOptions = TopicOptions & {
  /** Deletes events of earlier runs. */
  readonly emptied: boolean;
};
