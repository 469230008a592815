/**
 * Handles the events of another system, each once. Source and id identify an event. The inbox records the event
 * with a hash of its data before any command is sent. The command id is derived from the event, and a stream
 * accepts a command id once. So an event whose process crashed is processed again and still takes effect only once.
 */
import { createHash } from "node:crypto";
import * as z from "zod";
import { deadBecause } from "../../model/delivery/dead-because.ts";
import type { ForeignEvent } from "../../model/events/foreign-event.ts";
import { canonical } from "../../model/json/canonical.ts";
import { type ParsedCommand, parsedWith } from "../../model/json/parsed-command.ts";
import type { SentCommand } from "../../model/message.ts";
import { type AnyTranslator, commandIdOf, translate } from "../../model/translator.ts";
import type { Clock } from "../../ports/clock.ts";
import { dead, type ForeignDelivery, type Handle, type NotDone } from "../../ports/delivery.ts";
import type { Inbox } from "../../ports/inbox.ts";
import type { Log } from "../../ports/log.ts";
import type { HandleCommand } from "../streams/handle-command.ts";
import { failed } from "./failed.ts";

type TranslatePorts = {
  readonly handle: HandleCommand;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly log: Log;
};

/** Data with the same meaning has the same hash. */
const hashOf = (data: unknown): string => createHash("sha256").update(canonical(data)).digest("base64url");

/** With this hash, the stream can distinguish a repeated command from a different command with the same id. */
const withHash = (command: SentCommand): SentCommand => ({
  ...command,
  metadata: { ...command.metadata, bodyHash: hashOf(command.data) },
});

/** The commands that an event becomes, and the hash of the event's data. */
type Translated = { readonly commands: readonly SentCommand[]; readonly hash: string };

export const intake = (
  translator: AnyTranslator,
  { handle, inbox, clock, log }: TranslatePorts,
): Handle<ForeignDelivery> => {
  const { name, source } = translator;

  /**
   * A rejection is a final answer: the receipt records it. The event of the other system has happened in any case.
   */
  const reportRejection = (command: SentCommand, because: string) => {
    const { id, correlationId } = command.metadata;
    log.count("ForeignEventRejected");
    log.write({ kind: "problem", message: `${id} of ${source} was rejected: ${because}`, correlationId });
  };

  /** Returns false if the stream already knows a different command with this id. */
  const isTaken = async (command: SentCommand): Promise<boolean> => {
    const answer = await handle(command);
    if (answer.kind === "contended") throw new Error(`${command.streamId} is contended`);
    if (answer.kind === "rejected") reportRejection(command, `${answer.code}, ${answer.because}`);
    return answer.kind !== "reused";
  };

  /** Parsed once. A command that does not match its schema can never be handled. */
  const checked = (command: SentCommand): ParsedCommand => {
    const result = parsedWith(translator.send.command.schema, command.data);
    if ("parsed" in result) return { ...withHash(command), ...result.parsed };
    throw new Error(
      `${name} made a ${command.type} that does not match its schema: ${z.prettifyError(result.error)}`,
    );
  };

  /** Returns a reason if the translator can never translate the event. A retry would have the same result. */
  const translated = (event: ForeignEvent): Translated | string => {
    try {
      return { commands: translate(translator, event).map(checked), hash: hashOf(event.data) };
    } catch (error) {
      return deadBecause("untranslatable", error);
    }
  };

  const reused = ({ id, event }: ForeignDelivery, where: string): NotDone =>
    dead(
      id,
      deadBecause("event-id-reused", `${source}/${event.id} arrived before with other data, see ${where}`),
    );

  const take = async (delivery: ForeignDelivery): Promise<readonly NotDone[]> => {
    const { id, event } = delivery;
    const made = translated(event);
    if (typeof made === "string") return [dead(id, made)];
    const entry = { key: commandIdOf(translator, event), hash: made.hash };
    const correlationId = made.commands[0]?.metadata.correlationId;
    const report = (what: string) =>
      log.write({ kind: "event", message: `${event.type} ${source}/${event.id} ${what}`, correlationId });

    const arrived = await inbox.receive(entry, clock());
    if (arrived === "reused") return [reused(delivery, `${entry.key} in the inbox`)];
    if (arrived === "done") {
      report("was already processed");
      return [];
    }
    report(`→ ${made.commands.map(({ type }) => type).join(", ")}`);
    for (const [index, command] of made.commands.entries()) {
      if (await isTaken(command)) continue;
      // The stream has already answered an earlier event with this id, one that was received before the inbox
      // existed. The earlier event keeps the id.
      if (arrived === "new" && index === 0) await inbox.withdraw(entry, clock());
      return [reused(delivery, `command ${entry.key} in ${command.streamId}`)];
    }
    await inbox.done(entry, clock());
    return [];
  };

  return async (deliveries) => {
    const outcomes = deliveries.map(async (delivery): Promise<readonly NotDone[]> => {
      try {
        return await take(delivery);
      } catch (error) {
        const { id, event } = delivery;
        const message = `${name}: ${event.source}/${event.id} failed: ${error}`;
        log.write({ kind: "problem", message, correlationId: event.correlationId, error });
        return [failed(id, error)];
      }
    });
    return (await Promise.all(outcomes)).flat();
  };
};
