/**
 * The errors of Kafka: permanent or transient. To add one, add a row and its test. Anything else that a broker says may
 * pass, and a broker that is out of reach has not said anything.
 */
import { type ErrorRow, kindOfError } from "../../ports/permanent-error.ts";

/** By the names of the protocol. The client has retried what may pass at once, as damage on the way. */
const errorRows: readonly ErrorRow[] = [
  { kind: "permanent", name: "MESSAGE_TOO_LARGE" },
  { kind: "permanent", name: "RECORD_LIST_TOO_LARGE" },
  { kind: "permanent", name: "INVALID_RECORD" },
  { kind: "permanent", name: "CORRUPT_MESSAGE" },
];

type Refusal = { readonly kind: ErrorRow["kind"]; readonly because: string };

/** The fault itself, and what it says it comes from. */
const causesOf = (error: unknown): readonly Error[] =>
  error instanceof Error ? [error, ...causesOf(error.cause)] : [];

/** Why a broker did not do it; nothing if it did. Throws if no broker has answered. */
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
