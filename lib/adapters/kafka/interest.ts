/**
 * Which events a subscription is for. A topic holds those of a whole category, and a mapping cannot look into
 * headers, so they are sorted out here before anybody handles them.
 */
import * as z from "zod";
import type { ForeignEvent } from "../../model/events/foreign-event.ts";

export const interest = z.object({
  /** The other system whose events they are. */
  source: z.string().optional(),
  eventTypes: z.array(z.string()),
  /** Also what belongs to this saga; what answers the saga's own commands only if it hears itself. */
  saga: z.object({ name: z.string(), hearsItself: z.boolean() }).optional(),
});

export type Interest = Readonly<z.output<typeof interest>>;

export const wantsForeign =
  ({ source, eventTypes }: Interest) =>
  (event: ForeignEvent): boolean =>
    event.source === source && eventTypes.includes(event.type);
