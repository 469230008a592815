/**
 * Translators: an event of another system becomes a command of this one. So the names and shapes of the other
 * system stay outside. A translator is data and a pure function.
 */
import * as z from "zod";
import type { DeliveryPolicy } from "./delivery/delivery-policy.ts";
import type { ForeignEvent } from "./events/foreign-event.ts";
import { validTraceparent } from "./events/traceparent.ts";
import { wording } from "./json/wording.ts";
import type { SentCommand } from "./message.ts";
import type { Sending } from "./saga.ts";

/**
 * Turns one type of event of another system into commands. The event must be a CloudEvent. An event that does not
 * fit `schema`, or on which `send` throws, becomes a dead letter at once. The same event (source and id) has an
 * effect only once. `send` gets the CloudEvent with its parsed `data`; its commands must be for different streams.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { command, sending, type Translator } from "eventfold";
 * import * as z from "zod";
 *
 * // References need only these fields of a decider.
 * const room = {
 *   name: "room",
 *   identifiedBy: "roomId",
 *   commands: { CloseRoom: z.object({ roomId: z.string(), until: z.string() }) },
 * };
 * const closeRoom = command(room, "CloseRoom");
 *
 * const repairs = z.object({ roomNumber: z.string(), finishedOn: z.iso.date() });
 *
 * const plannedRepairs: Translator<typeof repairs> = {
 *   name: "planned-repairs",
 *   source: "facilities",
 *   channel: "repairs",
 *   type: "RepairPlanned",
 *   schema: repairs,
 *   send: sending(closeRoom, ({ data }) => ({ roomId: data.roomNumber, until: data.finishedOn })),
 * };
 * assert.equal(plannedRepairs.send.command.type, "CloseRoom");
 * ```
 */
export type Translator<
  Schema extends z.ZodObject,
  Received = Omit<ForeignEvent, "data"> & { readonly data: z.output<Schema> },
> = {
  /** Lower-case words with dashes. Unique among the effects, sagas and translators of an application. */
  readonly name: string;
  /** Its earlier names, the oldest first. A renamed translator keeps its queue, and translates no event twice. */
  readonly formerly?: readonly string[];
  /** The other system, which is the `source` of its CloudEvents. */
  readonly source: string;
  /** The channel on which the other system publishes the event. In Kafka the topic is `source.channel`. */
  readonly channel: string;
  /** The `type` of the CloudEvent. */
  readonly type: string;
  /** The fields that the data must have, with the names that the other system uses. All other fields are dropped. */
  readonly schema: Schema;
  /** Makes the commands. An empty list ignores the event. */
  readonly send: Sending<[event: Received]>;
  /** Timeout, concurrency and attempts. Each has a default. */
  readonly delivery?: DeliveryPolicy;
};

/** A translator whose types are not known, as the runtime holds it. */
export type AnyTranslator = Translator<z.ZodObject, never>;

/**
 * The id of the commands that an event leads to: the same for every delivery, and different for every other event
 * and translator. The parts are escaped and have no slash. So another system cannot choose an event id that becomes
 * the id of an expiry.
 */
export const commandIdOf = ({ name }: { readonly name: string }, { source, id }: ForeignEvent): string =>
  [name, source, id].map(encodeURIComponent).join("/");

/**
 * The clock of another system may differ, and its events may be repeated after years, so the command may be in any
 * commit.
 */
const issuedAt = "1970-01-01T00:00:00.000Z";

/**
 * The commands that follow from an event, each for a different stream. Throws, with the reason, on an event that
 * the translator cannot take. A retry would not help.
 */
export const translate = (translator: AnyTranslator, event: ForeignEvent): readonly SentCommand[] => {
  const { name, source, type, schema, send } = translator;
  if (event.source !== source || event.type !== type)
    throw new Error(
      `translator ${name}: expected ${type} of ${source}, got ${event.type} of ${event.source}`,
    );
  if (event.data instanceof Uint8Array)
    throw new Error(
      `translator ${name}: expected ${event.type} ${event.id} to have JSON data, got bytes of another datacontenttype`,
    );
  const { data, error } = schema.safeParse(event.data, wording);
  if (error)
    throw new Error(
      `translator ${name}: ${event.type} ${event.id} does not fit the schema: ${z.prettifyError(error)}`,
    );
  // The translator's own schema has just parsed the data.
  const commands = send.make({ ...event, data } as never);
  if (new Set(commands.map(({ streamId }) => streamId)).size < commands.length)
    throw new Error(
      `translator ${name}: expected at most one command per stream, got two for one stream from ${event.type} ${event.id}`,
    );
  const id = commandIdOf(translator, event);
  const { correlationId = id } = event;
  const traceparent = validTraceparent(event.traceparent);
  const causationId = `${source}/${event.id}`;
  return commands.map((command) => ({
    ...command,
    metadata: { id, causationId, correlationId, issuedAt, actor: source, traceparent, receipt: true },
  }));
};
