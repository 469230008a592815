/** Events as the store returns them. */
import type { Metadata, RecordedEvent } from "../../../model/message.ts";

/** An event of the stream at this version. */
export const recordedEvent = (
  version = 1,
  data: RecordedEvent["data"] = { orderId: "1" },
  metadata: Partial<Metadata> = {},
): RecordedEvent => ({
  type: "OrderPlaced",
  data,
  metadata: {
    id: `order-1@${version}`,
    streamId: "order-1",
    version,
    recordedAt: "2026-02-03T04:05:06.789Z",
    commandId: "command-1",
    causationId: "cause-1",
    correlationId: "correlation-1",
    ...metadata,
  },
});
