/**
 * AWS::Events::Archive: keeps what its bus accepts and its pattern matches, in the journal, for as many days as it
 * says. Replayed events are never kept again.
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
  /** With 0, for ever. */
  RetentionDays: z.coerce.number().int().min(0).default(0),
  SourceArn: z.string(),
});

/** An event as its targets see it. */
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
  /** What happened from `start` on and before `end`, both in milliseconds since 1970, in no order. */
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

  /** The oldest events come first. */
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
