/**
 * Handles a command: load, decide, append. After a conflict, it decides again on the newer state. If a command
 * usually creates its stream, the stream is not loaded at first. A command id has one answer: a repeated command
 * gets the answer that is in the stream. An answer that stores nothing is confirmed by a strongly consistent read.
 */
import { type AnyApplication, deciderOf } from "../../model/application.ts";
import { currentEvents } from "../../model/events/current.ts";
import { parsed, wasParsed } from "../../model/json/parsed-command.ts";
import { InvalidEvent } from "../../model/json/storable-event.ts";
import type { SentCommand } from "../../model/message.ts";
import { categoryOf } from "../../model/stream.ts";
import type { Clock, Random, Sleep } from "../../ports/clock.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { Log } from "../../ports/log.ts";
import { type Answer, endOf } from "./answer.ts";
import { attempting, type Conflict, type Known, type Request } from "./attempt.ts";
import type { HandleOptions } from "./decision.ts";
import { loadNewer, loadStream } from "./load-stream.ts";
import { eventsOf } from "./recorded.ts";
import { type Answered, reportAnswer, reportInvalid } from "./report-command.ts";

export type HandleCommand = (command: SentCommand, options?: HandleOptions) => Promise<Answer>;

type CommandPorts = {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly log: Log;
};

/** If a command still meets conflicts after this time, the answer is contended. */
const patienceMilliseconds = 5000;

/**
 * The wait before the next attempt: full jitter up to a limit that doubles, so that concurrent writers spread out.
 */
const waitMilliseconds = { first: 10, most: 1000 };
const jitter = (attempts: number, random: Random): number =>
  random() * Math.min(waitMilliseconds.most, waitMilliseconds.first * 2 ** attempts);

const requestOf = (
  { decider, command }: Pick<Request, "decider" | "command">,
  options: HandleOptions,
): Request => {
  let known = wasParsed(command) ? command : undefined;
  const parsedCommand = () => {
    known ??= { ...command, ...parsed(decider, command) };
    return known;
  };
  return { command, options, decider, parsedCommand };
};

/**
 * A command handler for the deciders of an application. Throws if no decider knows the command, if the decision
 * violates the decider's schemas, or, as `UnreadableEvent`, if the stream has an event that cannot be read. In all
 * of these cases nothing is stored.
 */
export const commandHandler = (
  application: Pick<AnyApplication, "name" | "deciders">,
  { store, clock, sleep, random, log }: CommandPorts,
): HandleCommand => {
  const events = eventsOf(currentEvents(application.deciders));
  const attempt = attempting({ store, clock, eventsOf: events });

  const load = async ({ command: { type, streamId }, decider }: Request): Promise<Known> => ({
    commits: decider.begins?.includes(type) ? [] : await loadStream(store, streamId, "eventual"),
    isCertain: false,
  });

  const confirm = async ({ command: { streamId } }: Request): Promise<Known> => ({
    commits: await loadStream(store, streamId, "strong"),
    isCertain: true,
  });

  /** If the winning commit is our own and only its confirmation was lost, the next attempt finds the answer in it. */
  const reload = async (
    { command: { streamId } }: Request,
    { commits, isOurs }: Conflict,
    attempts: number,
  ): Promise<Known> => {
    if (isOurs) return { commits, isCertain: false };
    await sleep(jitter(attempts, random));
    return { commits: await loadNewer(store, streamId, commits), isCertain: false };
  };

  const run = async (request: Request): Promise<Answered> => {
    const deadline = clock().getTime() + patienceMilliseconds;
    let known = await load(request);
    for (let attempts = 0; ; ) {
      const result = await attempt(request, known);
      attempts += result.appends;
      if (result.kind === "answered") return { ...result, attempts };
      if (result.kind === "conflict" && !result.isOurs && clock().getTime() >= deadline)
        return { answer: { kind: "contended", ...endOf(events, result.commits) }, attempts };
      known =
        result.kind === "unconfirmed" ? await confirm(request) : await reload(request, result, attempts);
    }
  };

  return async (command, options = {}) => {
    const decider = deciderOf(application, categoryOf(command.streamId));
    const answered = await run(requestOf({ decider, command }, options)).catch((error: unknown) => {
      if (error instanceof InvalidEvent) reportInvalid(log, command, error);
      throw error;
    });
    reportAnswer(log, command, answered);
    return answered.answer;
  };
};
