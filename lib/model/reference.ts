/** References name an event or a command of a decider. Sagas, effects, translators and routes use them. */
import * as z from "zod";
import type { Command, Message, RecordedEvent, Schemas } from "./message.ts";
import { type Renamable, storedNameOf } from "./names/stored-name.ts";
import { categoryOf, streamId } from "./stream.ts";

type Reference<Kind extends string, Type extends string, Schema extends z.ZodObject> = {
  readonly kind: Kind;
  /** The name of the decider. */
  readonly decider: string;
  /** The first part of the ids of its streams, which is the first name that the decider ever had. */
  readonly category: string;
  readonly type: Type;
  readonly schema: Schema;
};

/** Names an event of a decider, with its schema. `event` makes it. */
export type EventReference<
  Type extends string = string,
  Schema extends z.ZodObject = z.ZodObject,
> = Reference<"event", Type, Schema>;

/** The event that a reference names, with its metadata. */
export type EventBy<R extends EventReference> = RecordedEvent<{
  readonly type: R["type"];
  readonly data: z.output<R["schema"]>;
}>;

/** Whether this is the event that the reference names. */
export const isA = <R extends EventReference>(reference: R, event: RecordedEvent): event is EventBy<R> =>
  event.type === reference.type && categoryOf(event.metadata.streamId) === reference.category;

/** Names a command of a decider, with its schema. `command` makes it. */
export type CommandReference<
  Type extends string = string,
  Schema extends z.ZodObject = z.ZodObject,
> = Reference<"command", Type, Schema>;

type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

/** A reference that is also a function, which makes the command: `requestPayment({ orderId, amount })`. */
type CommandMaker<Type extends string, Schema extends z.ZodObject> = CommandReference<Type, Schema> &
  ((data: Immutable<z.input<Schema>>) => Command<Type>);

/** A command maker whose types are not known, as the runtime holds it. */
export type AnyCommandMaker = CommandReference & ((data: never) => Command);

/** Throws if the decider has no such event or command, as in an application that was not type-checked. */
const schemaIn = <All extends Schemas, T extends keyof All & string>(
  where: string,
  schemas: All,
  type: T,
) => {
  const known = Object.keys(schemas ?? {});
  if (!known.includes(type))
    throw new Error(`${where} in ${known.join(", ") || "(it has none)"}, got ${type}`);
  return schemas[type];
};

/** The reference to an event of a decider: `const seatReserved = event(seats, "SeatReserved")`. */
export const event = <Events extends Schemas, T extends keyof Events & string>(
  decider: Renamable & { readonly events: Events },
  type: T,
): EventReference<T, Events[T]> => ({
  kind: "event",
  decider: decider.name,
  category: storedNameOf(decider),
  type,
  schema: schemaIn(`decider ${decider.name}: expected an event`, decider.events, type),
});

/** Made once, because to make a schema takes longer than to check with it. */
const identity = z.string().min(1);

/**
 * The reference to a command of a decider. Call it with the data to make the command: `command(seats,
 * "ReserveSeat")({ seatId: "12A", guest: "Ada" })`. The call throws if the field that identifies the stream is not
 * a string, or is empty. It checks no other field; the schema does that when the command is handled.
 */
export const command = <Commands extends Schemas, T extends keyof Commands & string>(
  decider: Renamable & { readonly identifiedBy: string; readonly commands: Commands },
  type: T,
): CommandMaker<T, Commands[T]> => {
  const category = storedNameOf(decider);
  const make = (data: Message["data"]): Command<T> => ({
    type,
    data,
    streamId: streamId(category, identity.parse(data[decider.identifiedBy])),
  });
  const schema = schemaIn(`decider ${decider.name}: expected a command`, decider.commands, type);
  const reference: CommandReference<T, Commands[T]> = {
    kind: "command",
    decider: decider.name,
    category,
    type,
    schema,
  };
  return Object.assign(make, reference);
};
