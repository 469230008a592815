/**
 * Takes the events of another system, each once: the id of the command follows from the event, and the stream that it
 * addresses answers an id once, however often and however late the event comes. That stream is the inbox.
 */
import { createHash } from "node:crypto";
import * as z from "zod";
import { deadBecause } from "../model/dead-because.ts";
import type { ForeignEvent } from "../model/foreign-event.ts";
import type { SentCommand } from "../model/message.ts";
import { type ParsedCommand, parsedWith } from "../model/parsed-command.ts";
import { type AnyTranslator, translate } from "../model/translator.ts";
import { dead, type ForeignDelivery, type Handle, type NotDone } from "../ports/delivery.ts";
import type { Log } from "../ports/log.ts";
import { failed } from "./failed.ts";
import type { HandleCommand } from "./handle-command.ts";
import { canonical } from "./request-body.ts";

export type TranslatePorts = { readonly handle: HandleCommand; readonly log: Log };

/** So that another event under the same id is noticed, and not taken for a repetition. */
const withHash = (command: SentCommand): SentCommand => {
  const bodyHash = createHash("sha256").update(canonical(command.data)).digest("base64url");
  return { ...command, metadata: { ...command.metadata, bodyHash } };
};

export const intake = (
  translator: AnyTranslator,
  { handle, log }: TranslatePorts,
): Handle<ForeignDelivery> => {
  const { name, source } = translator;

  /** Our own no is an answer, which the receipt keeps; what the other says has happened all the same. */
  const tellOfRejection = (command: SentCommand, because: string) => {
    const { id, correlationId } = command.metadata;
    log.count("ForeignEventRejected");
    log.write({ kind: "problem", message: `${id} of ${source} is rejected: ${because}`, correlationId });
  };

  /** Whether the stream takes it. It does not if it knows another command under its id. */
  const isTaken = async (command: SentCommand): Promise<boolean> => {
    const answer = await handle(command);
    if (answer.kind === "contended") throw new Error(`${command.streamId} is contended`);
    if (answer.kind === "rejected") tellOfRejection(command, `${answer.code}, ${answer.because}`);
    return answer.kind !== "reused";
  };

  /** Parsed once: a command that breaks its schema can never be handled. */
  const checked = (command: SentCommand): ParsedCommand => {
    const result = parsedWith(translator.send.command.schema, command.data);
    if ("parsed" in result) return { ...withHash(command), ...result.parsed };
    throw new Error(
      `${name} makes a ${command.type} that does not fit its schema: ${z.prettifyError(result.error)}`,
    );
  };

  /** Nothing if the translator does not accept the event. To translate it again would change nothing. */
  const translated = (event: ForeignEvent): readonly SentCommand[] | string => {
    try {
      return translate(translator, event).map(checked);
    } catch (error) {
      return deadBecause("untranslatable", error);
    }
  };

  const reused = (event: ForeignEvent, where: string): string =>
    deadBecause("event-id-reused", `${event.source}/${event.id} came before with other data, ${where}`);

  const take = async (id: string, event: ForeignEvent): Promise<readonly NotDone[]> => {
    const commands = translated(event);
    if (typeof commands === "string") return [dead(id, commands)];
    const message = `${event.type} ${event.source}/${event.id} → ${commands.map(({ type }) => type).join(", ")}`;
    log.write({ kind: "event", message, correlationId: commands[0]?.metadata.correlationId });
    for (const command of commands)
      if (!(await isTaken(command))) return [dead(id, reused(event, `in ${command.streamId}`))];
    return [];
  };

  return async (deliveries) => {
    const outcomes = deliveries.map(async ({ id, event }): Promise<readonly NotDone[]> => {
      try {
        return await take(id, event);
      } catch (error) {
        const message = `${name}: ${event.source}/${event.id} failed: ${error}`;
        log.write({ kind: "problem", message, correlationId: event.correlationId });
        return [failed(id, error)];
      }
    });
    return (await Promise.all(outcomes)).flat();
  };
};
