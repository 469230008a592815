/**
 * The errors of Kafka: permanent or transient. To add one, add a row and its test. All other answers of a broker
 * are transient. If no broker has answered, the error is thrown.
 */
import { type ErrorRow, kindOfError } from "../../ports/permanent-error.ts";

/**
 * By their names in the protocol. The client has already retried errors that may be transient, such as corruption
 * in transit.
 */
const errorRows: readonly ErrorRow[] = [
  { kind: "permanent", name: "MESSAGE_TOO_LARGE" },
  { kind: "permanent", name: "RECORD_LIST_TOO_LARGE" },
  { kind: "permanent", name: "INVALID_RECORD" },
  { kind: "permanent", name: "CORRUPT_MESSAGE" },
];

type Refusal = { readonly kind: ErrorRow["kind"]; readonly because: string };

/** The error and its chain of causes. */
const causesOf = (error: unknown): readonly Error[] =>
  error instanceof Error ? [error, ...causesOf(error.cause)] : [];

/**
 * The reason for which a broker refused the request, or undefined if it succeeded. Throws if no broker has
 * answered.
 */
export const refusalOf = async (request: () => Promise<unknown>): Promise<Refusal | undefined> => {
  try {
    await request();
    return undefined;
  } catch (error) {
    const refusal = causesOf(error).find(({ name }) => name === "KafkaJSProtocolError");
    if (!refusal) throw error;
    const { type: name } = { type: "refused", ...refusal };
    const { message } = refusal;
    return { kind: kindOfError(errorRows, { name, message }), because: `${name}: ${message}` };
  }
};
