/**
 * Takes the events of another system, each once: the id of the command follows from the event, and the stream that it
 * addresses answers an id once, however often and however late the event comes. That stream is the inbox.
 */
import { createHash } from "node:crypto";
import type { ForeignEvent } from "../model/foreign-event.ts";
import type { SentCommand } from "../model/message.ts";
import { type AnyTranslator, translate } from "../model/translator.ts";
import type { Intake } from "../ports/delivery.ts";
import type { Log } from "../ports/log.ts";
import type { HandleCommand } from "./handle-command.ts";
import { canonical } from "./request-body.ts";

export type TranslatePorts = { readonly handle: HandleCommand; readonly log: Log };

/** So that another event under the same id is noticed, and not taken for a repetition. */
const withHash = (command: SentCommand): SentCommand => {
  const bodyHash = createHash("sha256").update(canonical(command.data)).digest("base64url");
  return { ...command, metadata: { ...command.metadata, bodyHash } };
};

export const intake = (translator: AnyTranslator, { handle, log }: TranslatePorts): Intake => {
  const { name, source } = translator;

  /** Our own no is an answer, which the receipt keeps; what the other says has happened all the same. */
  const tellOfRejection = (command: SentCommand, because: string) => {
    const { id, correlationId } = command.metadata;
    log.count("ForeignEventRejected");
    log.write({ kind: "problem", message: `${id} of ${source} is rejected: ${because}`, correlationId });
  };

  const send = async (command: SentCommand): Promise<void> => {
    const answer = await handle(command);
    if (answer.kind === "contended") throw new Error(`${command.streamId} is contended`);
    if (answer.kind === "reused") throw new Error("another event came under its id before");
    if (answer.kind === "rejected") tellOfRejection(command, `${answer.code}, ${answer.because}`);
  };

  const take = async (event: ForeignEvent): Promise<void> => {
    const commands = translate(translator, event).map(withHash);
    const message = `${event.type} ${event.source}/${event.id} → ${commands.map(({ type }) => type).join(", ")}`;
    log.write({ kind: "event", message, correlationId: commands[0]?.metadata.correlationId });
    for (const command of commands) await send(command);
  };

  return {
    check: (event) => void translate(translator, event),
    handle: async (deliveries) => {
      const failures = deliveries.map(async ({ id, event }) => {
        try {
          await take(event);
          return [];
        } catch (error) {
          const message = `${name}: ${event.source}/${event.id} failed, will be tried again: ${error}`;
          log.write({ kind: "problem", message, correlationId: event.correlationId });
          return [id];
        }
      });
      return (await Promise.all(failures)).flat();
    },
  };
};
