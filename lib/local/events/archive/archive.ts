/**
 * AWS::Events::Archive: stores the events that its bus accepts and its pattern matches. They stay in the journal for
 * the number of days in the template. Replayed events are not archived again.
 */
import * as z from "zod";
import { propertiesOf } from "../../service/properties.ts";
import type { Cloud, Resource } from "../../service/service.ts";
import { pattern } from "../pattern.ts";
import { ofProperty } from "../rule.ts";

const archiveProperties = z.strictObject({
  ArchiveName: z.string().optional(),
  Description: z.string().optional(),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  /** 0 means that events are kept for ever. */
  RetentionDays: z.coerce.number().int().min(0).default(0),
  SourceArn: z.string(),
});

/** An event as targets see it. */
export type ArchivedEvent = Readonly<Record<string, unknown>> & {
  readonly id: string;
  /** ISO 8601, in whole seconds. */
  readonly time: string;
};

export type Archive = {
  readonly id: string;
  readonly arn: string;
  readonly busArn: string;
  readonly keep: (event: ArchivedEvent) => void;
  /**
   * The events with a time from `start` (inclusive) to `end` (exclusive), both in milliseconds since 1970. The order is
   * undefined.
   */
  readonly between: (start: number, end: number) => readonly ArchivedEvent[];
};

type Kept = { readonly event: ArchivedEvent; readonly keptAt: number };

const dayMilliseconds = 86_400_000;

export const archiveOf = (cloud: Cloud, resource: Resource): Archive => {
  const { EventPattern, RetentionDays, SourceArn } = propertiesOf(resource, archiveProperties);
  const matches = EventPattern
    ? ofProperty(resource, "EventPattern", () => pattern(EventPattern))
    : () => true;
  const kept = cloud.journal.map<Kept>(`archive ${resource.name}`);
  const retention = RetentionDays === 0 ? Number.POSITIVE_INFINITY : RetentionDays * dayMilliseconds;

  /** Removes expired events. The oldest events come first. */
  const forget = () => {
    for (const [id, { keptAt }] of kept.entries()) {
      if (keptAt + retention > cloud.clock.now()) return;
      kept.delete(id);
    }
  };

  return {
    id: resource.id,
    arn: resource.arn,
    busArn: SourceArn,
    keep: (event) => {
      if (!matches(event)) return;
      forget();
      kept.set(event.id, { event, keptAt: cloud.clock.now() });
    },
    between: (start, end) => {
      forget();
      return [...kept.entries()].flatMap(([, { event }]) => {
        const time = Date.parse(event.time);
        return time >= start && time < end ? [event] : [];
      });
    },
  };
};
