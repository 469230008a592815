/**
 * A translator keeps the language of another system out of this one: an event that the other publishes becomes a
 * command in our own words. It is data and a pure function; what is not ours ends here.
 */
import * as z from "zod";
import type { DeliveryPolicy } from "./delivery/delivery-policy.ts";
import type { ForeignEvent } from "./events/foreign-event.ts";
import { validTraceparent } from "./events/traceparent.ts";
import { wording } from "./json/wording.ts";
import type { SentCommand } from "./message.ts";
import type { Sending } from "./saga.ts";

export type Translator<
  Schema extends z.ZodObject,
  Received = Omit<ForeignEvent, "data"> & { readonly data: z.output<Schema> },
> = {
  readonly name: string;
  /** The other system: the `source` of its CloudEvents. */
  readonly source: string;
  /** What the other publishes it on: in Kafka the topic `source.channel`. */
  readonly channel: string;
  readonly type: string;
  /** The fields that its data must have, in the words of the other system. All other fields are dropped. */
  readonly schema: Schema;
  readonly send: Sending<[event: Received]>;
  readonly delivery?: DeliveryPolicy;
};

export type AnyTranslator = Translator<z.ZodObject, never>;

/**
 * The same for every delivery of this event to this translator, and for no other. Escaped, the parts hold no slash:
 * whoever chooses the id of an event cannot make it the expiry of another.
 */
export const commandIdOf = ({ name }: { readonly name: string }, { source, id }: ForeignEvent): string =>
  [name, source, id].map(encodeURIComponent).join("/");

/** Another system's clock is not ours and its events may come again after years: the command may be in any commit. */
const issuedAt = "1970-01-01T00:00:00.000Z";

/**
 * The commands that this event asks for, each to a stream of its own. Throws, saying why, on one that the translator
 * cannot take: translating it again would change nothing.
 */
export const translate = (translator: AnyTranslator, event: ForeignEvent): readonly SentCommand[] => {
  const { name, source, type, schema, send } = translator;
  if (event.source !== source || event.type !== type)
    throw new Error(`${name} takes ${type} of ${source}, and not ${event.type} of ${event.source}`);
  if (event.data instanceof Uint8Array)
    throw new Error(`${event.type} ${event.id} carries bytes that are not JSON, by its datacontenttype`);
  const { data, error } = schema.safeParse(event.data, wording);
  if (error)
    throw new Error(`${event.type} ${event.id} is not as ${name} knows it: ${z.prettifyError(error)}`);
  // The translator's own schema has just parsed the data.
  const commands = send.make({ ...event, data } as never);
  if (new Set(commands.map(({ streamId }) => streamId)).size < commands.length)
    throw new Error(`${name} addresses a stream twice with ${event.type} ${event.id}`);
  const id = commandIdOf(translator, event);
  const { correlationId = id } = event;
  const traceparent = validTraceparent(event.traceparent);
  const causationId = `${source}/${event.id}`;
  return commands.map((command) => ({
    ...command,
    metadata: { id, causationId, correlationId, issuedAt, actor: source, traceparent, receipt: true },
  }));
};
