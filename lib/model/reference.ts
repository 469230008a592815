import * as z from "zod";
import type { Command, Message, RecordedEvent, Schemas } from "./message.ts";
import { categoryOf, streamId } from "./stream.ts";

type Reference<Kind extends string, Type extends string, Schema extends z.ZodObject> = {
  readonly kind: Kind;
  readonly category: string;
  readonly type: Type;
  readonly schema: Schema;
};

export type EventReference<
  Type extends string = string,
  Schema extends z.ZodObject = z.ZodObject,
> = Reference<"event", Type, Schema>;

/** The recorded event that a reference names. */
export type EventBy<R extends EventReference> = RecordedEvent<{
  readonly type: R["type"];
  readonly data: z.output<R["schema"]>;
}>;

export const isA = <R extends EventReference>(reference: R, event: RecordedEvent): event is EventBy<R> =>
  event.type === reference.type && categoryOf(event.metadata.streamId) === reference.category;

export type CommandReference<
  Type extends string = string,
  Schema extends z.ZodObject = z.ZodObject,
> = Reference<"command", Type, Schema>;

type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

/** A command reference that makes the command: `requestPayment({ orderId, amount })`. */
type CommandMaker<Type extends string, Schema extends z.ZodObject> = CommandReference<Type, Schema> &
  ((data: Immutable<z.input<Schema>>) => Command<Type>);

export type AnyCommandMaker = CommandReference & ((data: never) => Command);

export const event = <Events extends Schemas, T extends keyof Events & string>(
  decider: { readonly name: string; readonly events: Events },
  type: T,
): EventReference<T, Events[T]> => ({
  kind: "event",
  category: decider.name,
  type,
  schema: decider.events[type],
});

/** Made once: a schema costs more than what it checks. */
const identity = z.string().min(1);

export const command = <Commands extends Schemas, T extends keyof Commands & string>(
  decider: { readonly name: string; readonly identifiedBy: string; readonly commands: Commands },
  type: T,
): CommandMaker<T, Commands[T]> => {
  const make = (data: Message["data"]): Command<T> => ({
    type,
    data,
    streamId: streamId(decider.name, identity.parse(data[decider.identifiedBy])),
  });
  const schema = decider.commands[type];
  const reference: CommandReference<T, Commands[T]> = {
    kind: "command",
    category: decider.name,
    type,
    schema,
  };
  return Object.assign(make, reference);
};
