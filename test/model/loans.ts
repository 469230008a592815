/** What may be noted for the loan's saga: its own events, those from outside, and receipts of each kind. */
import { expiryOf, type ReceiptMessage, type RecordedEvent, resumeOf } from "../../lib/model/message.ts";
import { recorded } from "./recorded.ts";

export const sagaId = "lending/1";
export const loanId = "loan-1";

/** The id of the command that a task sends to the loan. */
export const commandId = (task: string, attempt = 1): string => `${sagaId}/${task}/${loanId}#${attempt}`;

const data = { loan: "1" };

/** An event that the saga caused. */
export const own = (version: number, type: string, task: string, attempt = 1): RecordedEvent =>
  recorded(loanId, { type, data }, { version, sagaId, commandId: commandId(task, attempt) });

/** An event that somebody else caused. */
export const outside = (version: number, type: string): RecordedEvent =>
  recorded(loanId, { type, data }, { version });

export const start = outside(1, "Applied");

const receipt = (version: number, id: string, message: ReceiptMessage): RecordedEvent =>
  recorded(loanId, message, { version, sagaId, commandId: id });

const answered = (task: string, attempt: number) => ({ command: "Any", commandId: commandId(task, attempt) });

export const rejected = (version: number, task: string, attempt = 1): RecordedEvent => {
  const data = { ...answered(task, attempt), code: "locked", because: "the shelf is locked" };
  return receipt(version, data.commandId, { type: "CommandRejected", data });
};

export const ignored = (version: number, task: string, attempt = 1): RecordedEvent => {
  const data = answered(task, attempt);
  return receipt(version, data.commandId, { type: "CommandIgnored", data });
};

/** Its own id is that of the expiry: whose it is stands in its data. */
export const expired = (version: number, task: string, attempt = 1): RecordedEvent => {
  const data = answered(task, attempt);
  return receipt(version, expiryOf(data.commandId), { type: "CommandExpired", data });
};

export const resumed = (version: number, task: string, how: "retry" | "skip", attempt = 1): RecordedEvent => {
  const data = { ...answered(task, attempt), how };
  return receipt(version, resumeOf(data.commandId), { type: "CommandResumed", data });
};
