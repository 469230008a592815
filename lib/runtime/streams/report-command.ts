/** Log entries about commands. */
import type { InvalidEvent } from "../../model/json/storable-event.ts";
import type { SentCommand } from "../../model/message.ts";
import type { Log } from "../../ports/log.ts";
import type { Answer } from "./answer.ts";

/** An answer, the number of attempts to append, and whether the command had been answered before. */
export type Answered = {
  readonly answer: Answer;
  readonly attempts: number;
  readonly isRepeated?: boolean;
};

const idsOf = ({ streamId, metadata: { correlationId, causationId, sagaId } }: SentCommand) => ({
  correlationId,
  causationId,
  sagaId,
  streamId,
});

export const reportAnswer = (log: Log, command: SentCommand, answered: Answered): void => {
  const { answer, attempts, isRepeated } = answered;
  const ids = idsOf(command);
  const outcome = answer.kind === "rejected" ? `rejected: ${answer.code}` : answer.kind;
  const detail = isRepeated ? `${outcome}, repeated: it was answered before` : outcome;
  const message = `${command.type} ${command.streamId} ${detail}`;
  log.write({ kind: "command", message, ...ids, commandId: command.metadata.id, attempts });
  if (answer.kind !== "accepted" || answer.repeated) return;
  for (const { type, metadata } of answer.events)
    log.write({ kind: "event", message: `${type} ${metadata.id}`, ...ids, eventId: metadata.id });
};

/**
 * A bug in the decider, which the sender of the command cannot fix. The log entry names the decider, the event and
 * the field.
 */
export const reportInvalid = (log: Log, command: SentCommand, error: InvalidEvent): void => {
  const { message, decider, event, field } = error;
  const ids = { ...idsOf(command), commandId: command.metadata.id };
  log.write({ kind: "problem", message, ...ids, decider, event, field });
};
