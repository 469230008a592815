/** Commands, events and their metadata; the receipts that the runtime records beside the events of a decider. */
import * as z from "zod";
import type { StreamId } from "./stream.ts";

export type Message = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

/** Message types to the schemas of their data. */
export type Schemas = Readonly<Record<string, z.ZodObject>>;

type MessageOf<S extends Schemas, Type extends keyof S & string> = {
  readonly [T in Type]: { readonly type: T; readonly data: z.output<S[T]> };
}[Type];

/** The union of all commands of a schema map, or the one named by `Type`. */
export type CommandOf<S extends Schemas, Type extends keyof S & string = keyof S & string> = MessageOf<
  S,
  Type
>;

/** The union of all events of a schema map, or the one named by `Type`. */
export type EventOf<S extends Schemas, Type extends keyof S & string = keyof S & string> = MessageOf<S, Type>;

/** A command that knows its stream. */
export type Command<Type extends string = string> = Message & {
  readonly type: Type;
  readonly streamId: StreamId;
};

/**
 * A command on its way. The id is the idempotency key: a stream answers each id once.
 * `receipt` asks for an event in any case, see `receipts`.
 */
export type SentCommand = Command & {
  readonly metadata: {
    readonly id: string;
    readonly causationId: string;
    readonly correlationId: string;
    /** When what caused it was recorded, ISO 8601: the command itself is not in a commit much older than that. */
    readonly issuedAt: string;
    /** The saga instance that this command serves, `checkout/1`; its events inherit it. */
    readonly sagaId?: string;
    readonly receipt: boolean;
    /** Who asked for it, as the gateway knows them. */
    readonly actor?: string;
    /** SHA-256 of the request's body: the same key with another body is a mistake of the client. */
    readonly bodyHash?: string;
    /** W3C trace context, handed on as it came. */
    readonly traceparent?: string;
  };
};

export type Metadata = {
  /** `order-1@4`: stream and version. */
  readonly id: string;
  readonly streamId: StreamId;
  /** Versions count from 1. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
  readonly commandId: string;
  readonly causationId: string;
  /** For tracing only: many sagas may run under one. */
  readonly correlationId: string;
  readonly sagaId?: string;
  readonly actor?: string;
  readonly traceparent?: string;
  readonly schemaVersion?: number;
};

export type RecordedEvent<E extends Message = Message> = E & { readonly metadata: Metadata };

const answered = { command: z.string(), commandId: z.string() };

/**
 * Recorded in the addressed stream for commands that ask for a receipt: no such command ends in silence,
 * and its answer never changes when it is delivered again. `commandId` names the command it answers, for
 * an expiry (`X/expire`) and a resume (`X/resume`) are commands of their own.
 * - CommandRejected: the decider rejected it.
 * - CommandIgnored: accepted, and there was nothing to do.
 * - CommandExpired: nobody waits for it any longer; should it still arrive, it does nothing.
 * - CommandResumed: a person has decided what becomes of a command that parked its saga.
 */
export const receipts = {
  CommandRejected: z.object({ ...answered, code: z.string(), because: z.string() }),
  CommandIgnored: z.object(answered),
  CommandExpired: z.object(answered),
  CommandResumed: z.object({ ...answered, how: z.enum(["retry", "skip"]) }),
};

export type ReceiptMessage = EventOf<typeof receipts>;

type Receipt = RecordedEvent<ReceiptMessage>;

export const isReceipt = (event: RecordedEvent): event is Receipt => Object.hasOwn(receipts, event.type);

/** The command that an event answers: its own, or the one that a receipt names. */
export const answeredBy = (event: RecordedEvent): string =>
  isReceipt(event) ? event.data.commandId : event.metadata.commandId;

/** The ids under which a stream records that a command has expired, or was resumed. */
export const expiryOf = (commandId: string): string => `${commandId}/expire`;
export const resumeOf = (commandId: string): string => `${commandId}/resume`;
