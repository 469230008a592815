/** For tests whose events are all of today, and whose data do not matter. */
import type { RecordedEvent } from "../../lib/model/message.ts";

export const unchanged = (event: RecordedEvent): readonly RecordedEvent[] => [event];
