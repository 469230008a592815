/** Domain-event handlers with a consequence outside the system. */
import type { DeliveryPolicy } from "./delivery/delivery-policy.ts";
import type { RecordedEvent, SentCommand } from "./message.ts";
import { type AnyCommandMaker, type EventBy, type EventReference, isA } from "./reference.ts";

export type Tools<Services> = {
  /** The same for every delivery of the same event: hand it on to the outside system. */
  readonly idempotencyKey: string;
  /** Typed ports, supplied by the composition root. */
  readonly services: Services;
};

/** The names of services, each with `true`. The type checker asks for every one. */
type Uses<Services> = Readonly<Record<keyof Services, true>>;

/**
 * A side effect outside the system, performed at least once per event.
 * It throws when the outside system did not answer, and is then tried again;
 * an answer, good or bad, is the follow-up command. `Answer` is the union of the commands it may answer with.
 */
export type Effect<
  On extends EventReference,
  Services,
  Answer extends AnyCommandMaker = never,
  Event = EventBy<On>,
> = {
  readonly name: string;
  readonly on: On;
  readonly answers: readonly Answer[];
  /** A row for each service that `perform` uses: its function gets the rights of these services and no others. */
  readonly uses: Uses<Services>;
  readonly delivery?: DeliveryPolicy;
  readonly perform: (event: Event, tools: Tools<Services>) => Promise<ReturnType<Answer> | undefined>;
};

/** Any effect that uses some of these services. */
export type AnyEffect<Services> = Omit<Effect<EventReference, Services, AnyCommandMaker, never>, "uses"> & {
  readonly uses: Readonly<Record<string, true>>;
};

/** The same for every delivery of this event to this effect. */
export const idempotencyKeyOf = ({ name }: { readonly name: string }, event: RecordedEvent): string =>
  `${name}/${event.metadata.id}`;

/**
 * Performs the effect if it listens to this event. The follow-up command serves the same saga as the event;
 * its id is the idempotency key, so a second delivery has no second consequence.
 */
export const perform = async <Services>(
  effect: AnyEffect<Services>,
  event: RecordedEvent,
  services: Services,
): Promise<SentCommand | undefined> => {
  if (!isA(effect.on, event)) return undefined;
  const idempotencyKey = idempotencyKeyOf(effect, event);
  // `isA` has just shown that this is the event whose type `Effect` derived from `on`.
  const command = await effect.perform(event as never, { idempotencyKey, services });
  if (!command) return undefined;
  if (!effect.answers.some(({ type }) => type === command.type))
    throw new Error(`effect ${effect.name} does not declare that it answers ${command.type}`);
  const { id: causationId, correlationId, recordedAt: issuedAt, sagaId, traceparent } = event.metadata;
  const metadata = {
    id: idempotencyKey,
    causationId,
    correlationId,
    issuedAt,
    sagaId,
    traceparent,
    receipt: true,
  };
  return { ...command, metadata };
};
