/** Effects: what an event causes outside the system. */
import type { DeliveryPolicy } from "./delivery/delivery-policy.ts";
import type { RecordedEvent, SentCommand } from "./message.ts";
import { type AnyCommandMaker, type EventBy, type EventReference, isA } from "./reference.ts";

/** What `perform` gets besides the event. */
export type Tools<Services> = {
  /**
   * The same for every delivery of the same event. Pass it on to the outside system, so that it does the work once.
   */
  readonly idempotencyKey: string;
  /** The services of the application, which `lib/services.ts` supplies. Use only the services that `uses` names. */
  readonly services: Services;
};

/** The names of the services, each with `true`. The type checker requires every name. */
type Uses<Services> = Readonly<Record<keyof Services, true>>;

/**
 * A side effect outside the system, such as an e-mail or a charge. `perform` runs after the event is stored, once
 * per event; after a crash it runs again with the same idempotency key. If it throws, it is retried as `delivery`
 * says, and then the event becomes a dead letter. So throw if the outside system did not answer. If it did answer,
 * return the command that follows, even if the answer is a refusal; return `undefined` if no command follows.
 *
 * `Answer` is the union of the commands that it may return. Replays and rebuilds never run effects.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { command, type Effect, event } from "eventfold";
 * import * as z from "zod";
 *
 * // References need only these fields of a decider.
 * const guest = {
 *   name: "guest",
 *   identifiedBy: "guestId",
 *   commands: { RecordWelcome: z.object({ guestId: z.string() }) },
 *   events: { GuestRegistered: z.object({ guestId: z.string(), phone: z.string() }) },
 * };
 * const guestRegistered = event(guest, "GuestRegistered");
 * const recordWelcome = command(guest, "RecordWelcome");
 *
 * type Sms = { readonly send: (key: string, to: string, text: string) => Promise<void> };
 *
 * const welcome: Effect<typeof guestRegistered, { readonly sms: Sms }, typeof recordWelcome> = {
 *   name: "welcome",
 *   on: guestRegistered,
 *   answers: [recordWelcome],
 *   uses: { sms: true },
 *   delivery: { timeoutSeconds: 10, attempts: 20 },
 *   perform: async ({ data: { guestId, phone } }, { idempotencyKey, services }) => {
 *     await services.sms.send(idempotencyKey, phone, "Welcome!");
 *     return recordWelcome({ guestId });
 *   },
 * };
 * assert.equal(welcome.on.type, "GuestRegistered");
 * ```
 */
export type Effect<
  On extends EventReference,
  Services,
  Answer extends AnyCommandMaker = never,
  Event = EventBy<On>,
> = {
  /** Lower-case words with dashes. Unique among the effects, sagas and translators of an application. */
  readonly name: string;
  /** Its earlier names, the oldest first. A renamed effect keeps its queue, and does nothing twice. */
  readonly formerly?: readonly string[];
  /** The event that it runs for. */
  readonly on: On;
  /** The commands that `perform` may return. */
  readonly answers: readonly Answer[];
  /** The services that `perform` uses. Its function gets the rights of these services and no others. */
  readonly uses: Uses<Services>;
  /** Timeout, concurrency and attempts. Each has a default. */
  readonly delivery?: DeliveryPolicy;
  readonly perform: (event: Event, tools: Tools<Services>) => Promise<ReturnType<Answer> | undefined>;
};

/** An effect whose types are not known, as the runtime holds it. */
export type AnyEffect<Services> = Omit<Effect<EventReference, Services, AnyCommandMaker, never>, "uses"> & {
  readonly uses: Readonly<Record<string, true>>;
};

/** The key of an event for an effect: the same for every delivery. */
export const idempotencyKeyOf = ({ name }: { readonly name: string }, event: RecordedEvent): string =>
  `${name}/${event.metadata.id}`;

/**
 * Performs the effect if it is for this event, and answers the command that follows, if any. This command belongs
 * to the same saga as the event. Its id is the idempotency key, so a second delivery has no second effect.
 */
export const perform = async <Services>(
  effect: AnyEffect<Services>,
  event: RecordedEvent,
  services: Services,
): Promise<SentCommand | undefined> => {
  if (!isA(effect.on, event)) return undefined;
  const idempotencyKey = idempotencyKeyOf(effect, event);
  // `isA` has shown that the event has the type that `Effect` derives from `on`.
  const command = await effect.perform(event as never, { idempotencyKey, services });
  if (!command) return undefined;
  if (!effect.answers.some(({ type }) => type === command.type))
    throw new Error(
      `effect ${effect.name}: expected a command in answers (${effect.answers.map(({ type }) => type).join(", ") || "none"}), got ${command.type}; add it to answers`,
    );
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
