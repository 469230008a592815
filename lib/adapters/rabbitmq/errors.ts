/**
 * The errors of RabbitMQ: permanent or transient. To add one, add a row and its test. A broker that can never
 * accept a message closes the channel. The publisher of the oldest message in flight gets the reason; the others
 * learn only that their channel is closed.
 */
import { AMQPError } from "rabbitmq-client";
import { type ErrorRow, kindOfError } from "../../ports/permanent-error.ts";

/** By code. */
const errorRows: readonly ErrorRow[] = [
  /** Found by the client: headers that do not fit into a frame, or a value that AMQP cannot encode. */
  { kind: "permanent", name: "CODEC" },
  { kind: "permanent", name: "CONTENT_TOO_LARGE" },
  /** The broker uses the same code for a queue that exists with other arguments, but no message causes that. */
  {
    kind: "permanent",
    name: "PRECONDITION_FAILED",
    says: /message size|invalid .*(expiration|header|message)/,
  },
];

/** Whether an error is permanent or transient. */
export const amqpKindOf = (error: unknown): ErrorRow["kind"] =>
  error instanceof AMQPError
    ? kindOfError(errorRows, { name: error.code, message: error.message })
    : "transient";

/** The cause is this message, or another one that was in flight on the same channel. */
export const isChannelLost = (error: unknown): boolean =>
  amqpKindOf(error) === "permanent" || (error instanceof AMQPError && error.code === "CH_CLOSE");

/** The broker could not store the message this time, for example because a queue is full. */
export const isNack = (error: unknown): boolean => error instanceof AMQPError && error.code === "NACK";
