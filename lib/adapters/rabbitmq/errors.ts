/**
 * The errors of RabbitMQ: permanent or transient. To add one, add a row and its test. A broker that can never take a message
 * closes the channel. The publisher of the oldest message on its way gets the reason, and the others get only that their
 * channel is closed.
 */
import { AMQPError } from "rabbitmq-client";
import { type ErrorRow, kindOfError } from "../../ports/permanent-error.ts";

/** By their codes. */
const errorRows: readonly ErrorRow[] = [
  /** Headers that fit into no frame, or a value that AMQP cannot write: found by the client. */
  { kind: "permanent", name: "CODEC" },
  { kind: "permanent", name: "CONTENT_TOO_LARGE" },
  /** Also what it says of a queue that is there with other arguments, but that is no message's fault. */
  {
    kind: "permanent",
    name: "PRECONDITION_FAILED",
    says: /message size|invalid .*(expiration|header|message)/,
  },
];

export const amqpKindOf = (error: unknown): ErrorRow["kind"] =>
  error instanceof AMQPError
    ? kindOfError(errorRows, { name: error.code, message: error.message })
    : "transient";

/** The message itself is the cause, or another one that was on its way over the same channel. */
export const isChannelLost = (error: unknown): boolean =>
  amqpKindOf(error) === "permanent" || (error instanceof AMQPError && error.code === "CH_CLOSE");

/** The broker could not store it this time, as a queue that is full. */
export const isNack = (error: unknown): boolean => error instanceof AMQPError && error.code === "NACK";
