/**
 * The dead letters of effects, sagas and translators. Lists them with their reasons, and redrives them to their
 * handler in order per stream. Handling an event twice changes nothing, so every operation may be repeated.
 */
import type { AnyApplication } from "../../model/application.ts";
import { deadBecause } from "../../model/delivery/dead-because.ts";
import { idempotencyKeyOf } from "../../model/effect.ts";
import { findByName, presentNameOf, type Renamable } from "../../model/names/stored-name.ts";
import { isStreamId } from "../../model/stream.ts";
import { translate } from "../../model/translator.ts";
import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Log } from "../../ports/log.ts";

export type DeadLetterPorts = {
  readonly deadLetters: DeadLetters;
  readonly ledger: Pick<Ledger, "why">;
  readonly log: Log;
};

/** A dead letter, as operators see it. */
type ListedDeadLetter = {
  readonly handler: string;
  readonly at: string;
  readonly streamId?: string;
  readonly version?: number;
  readonly eventType?: string;
  readonly because?: string;
  readonly payload: string;
};

type DeadLettersResult =
  | { readonly kind: "dead-letters"; readonly letters: readonly ListedDeadLetter[]; readonly more: boolean }
  | { readonly kind: "handler-redriven"; readonly count: number; readonly more: boolean }
  | { readonly kind: "refused"; readonly because: string };

/** These limits keep an answer below the maximum response size of a function. */
const deadLettersMax = 100;
const payloadLengthMax = 4000;

const cut = (text: string): string =>
  text.length > payloadLengthMax ? `${text.slice(0, payloadLengthMax)}…` : text;

/** By stream and version. Dead letters without an event come last. */
const inOrder = ({ event: one }: DeadLetter, { event: other }: DeadLetter): number => {
  if (!one || !other) return Number(!one) - Number(!other);
  const [first, second] = [one.metadata, other.metadata];
  if (first.streamId !== second.streamId) return first.streamId < second.streamId ? -1 : 1;
  return first.version - second.version;
};

type Named = Pick<AnyApplication, "effects" | "sagas" | "translators">;

const refusedName = (handlers: readonly Renamable[], handler: string): DeadLettersResult => ({
  kind: "refused",
  because: `no effect, saga or translator is named ${handler}: must be one of ${handlers.map(presentNameOf).join(", ")}`,
});

/**
 * The last error of an effect says more than its number of attempts. If a dead letter of a translator has no reason,
 * the event is translated again to find one.
 */
const becauseOf = async (
  { translators = [] }: Named,
  { ledger }: DeadLetterPorts,
  { handler, deadLetter }: { readonly handler: string; readonly deadLetter: DeadLetter },
): Promise<string | undefined> => {
  const { event, foreign, because } = deadLetter;
  if (event) return (await ledger.why(idempotencyKeyOf({ name: handler }, event))) ?? because;
  const translator = translators.find(({ name }) => name === handler);
  if (because !== undefined || !foreign || !translator) return because;
  try {
    translate(translator, foreign);
    return undefined;
  } catch (error) {
    return deadBecause("untranslatable", error);
  }
};

const listedOf = (handler: string, deadLetter: DeadLetter, because?: string): ListedDeadLetter => {
  const { event, foreign, at, payload } = deadLetter;
  return {
    handler,
    at,
    ...(event && {
      streamId: event.metadata.streamId,
      version: event.metadata.version,
      eventType: event.type,
    }),
    ...(foreign && { eventType: foreign.type }),
    ...(because !== undefined && { because }),
    payload: cut(payload),
  };
};

export const deadLetterOperations = (application: Named, ports: DeadLetterPorts) => {
  const { deadLetters, log } = ports;
  const { effects, sagas, translators = [] } = application;
  const handlers: readonly Renamable[] = [...effects, ...sagas, ...translators];

  return {
    /** The dead letters of one handler, or of all. */
    list: async (handler?: string): Promise<DeadLettersResult> => {
      const asked = handler === undefined ? undefined : findByName(handlers, handler);
      if (handler !== undefined && !asked) return refusedName(handlers, handler);
      const letters: ListedDeadLetter[] = [];
      for (const { name: each } of asked ? [asked] : handlers) {
        const found = await deadLetters.list(each, deadLettersMax + 1 - letters.length);
        for (const deadLetter of found.toSorted(inOrder)) {
          const because = await becauseOf(application, ports, { handler: each, deadLetter });
          letters.push(listedOf(each, deadLetter, because));
        }
        if (letters.length > deadLettersMax) break;
      }
      return {
        kind: "dead-letters",
        letters: letters.slice(0, deadLettersMax),
        more: letters.length > deadLettersMax,
      };
    },

    /** The dead letters of one stream, or all. */
    redrive: async (handler: string, streamId?: string): Promise<DeadLettersResult> => {
      const asked = findByName(handlers, handler);
      if (!asked) return refusedName(handlers, handler);
      if (streamId !== undefined && !isStreamId(streamId))
        return { kind: "refused", because: `${streamId} is not a stream id` };
      const isChosen = ({ event }: DeadLetter) =>
        streamId === undefined || event?.metadata.streamId === streamId;
      const { count, more } = await deadLetters.redrive(asked.name, (letters) =>
        letters.filter(isChosen).toSorted(inOrder),
      );
      log.write({ kind: "saga", message: `redrove ${count} dead letters of ${asked.name}` });
      return { kind: "handler-redriven", count, more };
    },
  };
};
