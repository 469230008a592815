/** Events as a queue delivers them. */
import type { RecordedEvent } from "../../lib/model/message.ts";
import type { Delivery } from "../../lib/ports/delivery.ts";

export const deliveryOf = (event: RecordedEvent, id = event.metadata.id): Delivery => ({
  id,
  receiveCount: 1,
  kind: "event",
  event,
});
