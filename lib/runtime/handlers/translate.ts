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

/** Parsed once. A command that does not match its schema can never be handled. */
const checked = ({ name, send }: AnyTranslator, command: SentCommand): ParsedCommand => {
  const result = parsedWith(send.command.schema, command.data);
  if ("parsed" in result) return { ...withHash(command), ...result.parsed };
  throw new Error(
    `${name} made a ${command.type} that does not match its schema: ${z.prettifyError(result.error)}`,
  );
};

/** The commands that an event becomes, and the hash of the event's data. */
type Translated = { readonly commands: readonly SentCommand[]; readonly hash: string };

/** Returns a reason if the translator can never translate the event. A retry would have the same result. */
const translated = (translator: AnyTranslator, event: ForeignEvent): Translated | string => {
  try {
    const commands = translate(translator, event).map((command) => checked(translator, command));
    return { commands, hash: hashOf(event.data) };
  } catch (error) {
    return deadBecause("untranslatable", error);
  }
};

const reused = ({ id, event }: ForeignDelivery, where: string): NotDone =>
  dead(
    id,
    deadBecause(
      "event-id-reused",
      `${event.source}/${event.id} arrived before with other data, see ${where}`,
    ),
  );

/** Sends a command. Returns false if the stream already knows a different command with this id. */
const isAccepted = async (
  { source }: AnyTranslator,
  { handle, log }: TranslatePorts,
  command: SentCommand,
): Promise<boolean> => {
  const { id, correlationId } = command.metadata;
  const answer = await handle(command);
  if (answer.kind === "contended") throw new Error(`${command.streamId} is contended`);
  // A rejection is final: the receipt records it. The event of the other system has happened in any case.
  if (answer.kind === "rejected") {
    const message = `${id} of ${source} was rejected: ${answer.code}, ${answer.because}`;
    log.count("ForeignEventRejected");
    log.write({ kind: "problem", message, correlationId });
  }
  return answer.kind !== "reused";
};

const take = async (
  translator: AnyTranslator,
  ports: TranslatePorts,
  delivery: ForeignDelivery,
): Promise<readonly NotDone[]> => {
  const { inbox, clock, log } = ports;
  const { id, event } = delivery;
  const made = translated(translator, event);
  if (typeof made === "string") return [dead(id, made)];
  const entry = { key: commandIdOf(translator, event), hash: made.hash };
  const correlationId = made.commands[0]?.metadata.correlationId;
  const report = (what: string) =>
    log.write({ kind: "event", message: `${event.type} ${event.source}/${event.id} ${what}`, correlationId });
  const arrived = await inbox.receive(entry, clock());
  if (arrived === "reused") return [reused(delivery, `${entry.key} in the inbox`)];
  if (arrived === "done") {
    report("was already processed");
    return [];
  }
  report(`→ ${made.commands.map(({ type }) => type).join(", ")}`);
  for (const [index, command] of made.commands.entries()) {
    if (await isAccepted(translator, ports, command)) continue;
    // The stream has already answered an earlier event with this id, one that was received before the inbox
    // existed. The earlier event keeps the id.
    if (arrived === "new" && index === 0) await inbox.withdraw(entry, clock());
    return [reused(delivery, `command ${entry.key} in ${command.streamId}`)];
  }
  await inbox.done(entry, clock());
  return [];
};

export const intake =
  (translator: AnyTranslator, ports: TranslatePorts): Handle<ForeignDelivery> =>
  async (deliveries) => {
    const outcomes = deliveries.map(async (delivery): Promise<readonly NotDone[]> => {
      try {
        return await take(translator, ports, delivery);
      } catch (error) {
        const { id, event } = delivery;
        const message = `${translator.name}: ${event.source}/${event.id} failed: ${error}`;
        ports.log.write({ kind: "problem", message, correlationId: event.correlationId, error });
        return [failed(id, error, ports.clock())];
      }
    });
    return (await Promise.all(outcomes)).flat();
  };
