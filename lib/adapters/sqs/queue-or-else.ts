/** One function that reads from queues and from another source. The event shows whether it comes from a queue. */
import * as z from "zod";
import type { BatchItemFailures } from "./handler.ts";

const fromQueue = z.object({ Records: z.array(z.object({ eventSource: z.literal("aws:sqs") })) });

/** Passes an event of a queue to one handler, and any other event to another. */
export const queueOrElse =
  (queue: (event: unknown) => Promise<BatchItemFailures>, other: (event: unknown) => Promise<void>) =>
  async (event: unknown): Promise<BatchItemFailures | undefined> => {
    if (fromQueue.safeParse(event).success) return queue(event);
    await other(event);
    return undefined;
  };
