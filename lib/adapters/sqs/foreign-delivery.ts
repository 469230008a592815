/**
 * A message of a queue as an event of another system, delivered by EventBridge. The detail is either a CloudEvent
 * or only the data. In the latter case, the fields of the EventBridge event supply the attributes.
 */
import * as z from "zod";
import { type ForeignEvent, toForeignEvent } from "../../model/events/foreign-event.ts";
import { losslessJson } from "../../model/json/json-text.ts";
import type { ForeignDelivery } from "../../ports/delivery.ts";
import type { Received } from "./delivery.ts";

const envelope = z.object({
  id: z.string(),
  source: z.string(),
  "detail-type": z.string(),
  time: z.string(),
  detail: z.unknown(),
});

const isCloudEvent = (detail: unknown): boolean =>
  z.object({ specversion: z.string() }).safeParse(detail).success;

/** Throws, with the reason, if the body does not contain such an event. */
export const foreignEventIn = (body: string): ForeignEvent => {
  const { "detail-type": type, detail, ...about } = envelope.parse(losslessJson(body));
  return toForeignEvent(isCloudEvent(detail) ? detail : { specversion: "1.0", ...about, type, data: detail });
};

/** The event in a message. Throws if the message is unreadable. */
export const toForeignDelivery = ({ id, receiveCount, body }: Received): ForeignDelivery => ({
  id,
  receiveCount,
  event: foreignEventIn(body),
});
