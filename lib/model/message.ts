/** Commands, events and their metadata, and the receipts that the runtime stores beside the events of a decider. */
import * as z from "zod";
import type { StreamId } from "./stream.ts";

/** A command or an event: its type, and its data as JSON. */
export type Message = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

/** An event as it is stored, without the metadata of its commit. The version of its schema is absent if it is 1. */
export type StoredEvent = Message & { readonly schemaVersion?: number };

/** The types of messages, each with the schema of its data. */
export type Schemas = Readonly<Record<string, z.ZodObject>>;

type MessageOf<S extends Schemas, Type extends keyof S & string> = {
  readonly [T in Type]: { readonly type: T; readonly data: z.output<S[T]> };
}[Type];

/** All commands of a schema map as a union, or the command that `Type` names. */
export type CommandOf<S extends Schemas, Type extends keyof S & string = keyof S & string> = MessageOf<
  S,
  Type
>;

/** All events of a schema map as a union, or the event that `Type` names. */
export type EventOf<S extends Schemas, Type extends keyof S & string = keyof S & string> = MessageOf<S, Type>;

/** A command and the stream that it is for. `command` makes it. */
export type Command<Type extends string = string> = Message & {
  readonly type: Type;
  readonly streamId: StreamId;
};

/**
 * A command on its way to its stream. Its id is the idempotency key: a stream answers each id once. `receipt` asks
 * for a receipt if the command leads to no event, see `receipts`.
 */
export type SentCommand = Command & {
  readonly metadata: {
    readonly id: string;
    readonly causationId: string;
    readonly correlationId: string;
    /**
     * When the cause of the command was recorded, ISO 8601 in UTC. The answer cannot be in a commit that is much
     * older.
     */
    readonly issuedAt: string;
    /** The saga instance that sent this command, `checkout/1`. The events of the command get it, too. */
    readonly sagaId?: string;
    readonly receipt: boolean;
    /** Who sent the request, as the gateway knows them. */
    readonly actor?: string;
    /** SHA-256 of the request's body. The same key with another body is an error of the client. */
    readonly bodyHash?: string;
    /** The W3C trace context, as it came. */
    readonly traceparent?: string;
  };
};

/** What is stored with each event. Times are ISO 8601 in UTC. */
export type Metadata = {
  /** The stream and the version: `order-1@4`. */
  readonly id: string;
  readonly streamId: StreamId;
  /** The position in the stream. The first event has version 1. */
  readonly version: number;
  /** When the event was stored, ISO 8601 in UTC. */
  readonly recordedAt: string;
  /** The command that led to the event. */
  readonly commandId: string;
  /** The event or the request that caused the command. */
  readonly causationId: string;
  /** The request at the beginning of the causal chain. For tracing only: several sagas may share it. */
  readonly correlationId: string;
  /** The saga instance that sent the command, `checkout/1`. */
  readonly sagaId?: string;
  /** Who sent the request, as the gateway knows them. */
  readonly actor?: string;
  /** The W3C trace context of the request. */
  readonly traceparent?: string;
  /** The version of the event's schema; absent for the first. */
  readonly schemaVersion?: number;
};

/** An event as it is stored and delivered. */
export type RecordedEvent<E extends Message = Message> = E & { readonly metadata: Metadata };

const answered = { command: z.string(), commandId: z.string() };

/**
 * Receipts are events that the runtime records in the stream of a command that asks for one. So every such command
 * leaves a trace, and its answer stays the same if it is delivered again. `commandId` names the command that the
 * receipt answers, because an expiry (`X/expire`) and a resume (`X/resume`) are commands themselves.
 * - CommandRejected: the decider rejected the command.
 * - CommandIgnored: the decider accepted the command and decided no events.
 * - CommandExpired: the sender no longer waits. If the command still arrives, it has no effect.
 * - CommandResumed: an operator decided how a parked saga continues.
 */
export const receipts = {
  CommandRejected: z.object({ ...answered, code: z.string(), because: z.string() }),
  CommandIgnored: z.object(answered),
  CommandExpired: z.object(answered),
  CommandResumed: z.object({ ...answered, how: z.enum(["retry", "skip"]) }),
};

/** A receipt without its metadata. */
export type ReceiptMessage = EventOf<typeof receipts>;

type Receipt = RecordedEvent<ReceiptMessage>;

/** Whether an event is a receipt. Deciders cannot have an event with the name of a receipt. */
export const isReceipt = (event: RecordedEvent): event is Receipt => Object.hasOwn(receipts, event.type);

/** The id of the command that an event answers: the command of its commit, or the one that a receipt names. */
export const answeredBy = (event: RecordedEvent): string =>
  isReceipt(event) ? event.data.commandId : event.metadata.commandId;

/** The id under which a stream records that a command has expired. */
export const expiryOf = (commandId: string): string => `${commandId}/expire`;
/** The id under which a stream records that a command was resumed. */
export const resumeOf = (commandId: string): string => `${commandId}/resume`;
