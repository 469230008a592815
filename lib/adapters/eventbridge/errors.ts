/**
 * The errors of EventBridge: permanent or transient. To add one, add a row and its test. AWS also calls missing
 * permissions and unknown accounts "not retryable". They are caused by a deployment, not by an event, and the next
 * deployment can fix them. So they are transient here.
 */
import type { ErrorRow } from "../../ports/permanent-error.ts";

/** The errors of one entry. */
export const entryRows: readonly ErrorRow[] = [
  { kind: "permanent", name: "InvalidArgument" },
  { kind: "permanent", name: "MalformedDetail" },
];

/** The errors of a whole request. Requests differ only in their entries. */
export const requestRows: readonly ErrorRow[] = [
  { kind: "permanent", status: 413 },
  { kind: "permanent", name: "RequestEntityTooLarge" },
  { kind: "permanent", name: "SerializationException" },
  { kind: "transient", name: "ValidationException", says: /eventBusName|endpointId/ },
  { kind: "permanent", name: "ValidationException" },
];
