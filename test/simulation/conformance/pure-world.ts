/**
 * Only the pure functions of the saga: streams, history and agenda are plain values, and each reaction follows
 * immediately. There is no engine, process or promise, so thousands of scenarios run per second.
 */
import { type AnyApplication, deciderOf } from "../../../lib/model/application.ts";
import { type Decision, decide } from "../../../lib/model/decider.ts";
import {
  expiryOf,
  type Message,
  type RecordedEvent,
  resumeOf,
  type SentCommand,
} from "../../../lib/model/message.ts";
import type { AnySaga } from "../../../lib/model/saga.ts";
import { historyEntry, instancesOf, type Task } from "../../../lib/model/sagas/instance.ts";
import { positionOf } from "../../../lib/model/sagas/position.ts";
import { answer } from "../../../lib/model/sagas/verdict.ts";
import { categoryOf } from "../../../lib/model/stream.ts";
import { stateAfter } from "./made-up.ts";

export type PureOptions = {
  readonly application: Pick<AnyApplication, "name" | "deciders">;
  readonly saga: AnySaga;
  readonly sagaId: string;
  /** When this command arrives, in seconds from now: one entry per arrival. */
  readonly arrivalsOf: (command: SentCommand) => readonly number[];
  readonly isRefused: (command: SentCommand) => boolean;
  /** Called for every stored event. Returns the seconds after which the saga hears of it, one entry per delivery. */
  readonly stored: (event: RecordedEvent) => readonly number[];
};

const undoSeconds = 86_400;

type Told = { readonly command: string; readonly commandId: string };

const receiptOf = (decision: Decision<Message>, told: Told): Message =>
  "rejected" in decision
    ? { type: "CommandRejected", data: { ...told, code: decision.rejected, because: decision.because } }
    : { type: "CommandIgnored", data: told };

/** Entries that are due together run in the order in which they were added. */
type Entry = { readonly at: number; readonly run: () => void };

export const pureWorld = (options: PureOptions) => {
  const { application, saga, sagaId } = options;
  const streams = new Map<string, readonly RecordedEvent[]>();
  const sent = new Set<string>();
  const deadlines = new Set<string>();
  let history: readonly RecordedEvent[] = [];
  let agenda: readonly Entry[] = [];
  let now = 0;

  const eventsOf = (streamId: string) => streams.get(streamId) ?? [];
  const after = (seconds: number, run: () => void) => {
    const at = now + seconds;
    const place = agenda.findIndex((entry) => entry.at > at);
    agenda = place < 0 ? [...agenda, { at, run }] : agenda.toSpliced(place, 0, { at, run });
  };

  const append = ({ streamId, metadata }: SentCommand, commandId: string, messages: readonly Message[]) => {
    const { causationId, correlationId, sagaId } = metadata;
    for (const message of messages) {
      const version = eventsOf(streamId).length + 1;
      const id = `${streamId}@${version}`;
      const ids = { id, streamId, version, commandId, causationId, correlationId, sagaId };
      const event = { ...message, metadata: { ...ids, recordedAt: new Date(now * 1000).toISOString() } };
      streams.set(streamId, [...eventsOf(streamId), event]);
      for (const seconds of options.stored(event)) after(seconds, () => hear(event));
    }
  };

  const hasSeen = (streamId: string, id: string) =>
    eventsOf(streamId).some(({ metadata }) => metadata.commandId === id);

  const handle = (command: SentCommand): void => {
    const { streamId, type, metadata } = command;
    const { id, receipt } = metadata;
    if (hasSeen(streamId, id) || hasSeen(streamId, expiryOf(id))) return;
    const decider = deciderOf(application, categoryOf(streamId));
    const decision = options.isRefused(command)
      ? { rejected: "barred", because: "the way is barred" }
      : decide(decider, command, stateAfter(decider, eventsOf(streamId)), { now: new Date(0) });
    const told = { command: type, commandId: id };
    const receipts = receipt ? [receiptOf(decision, told)] : [];
    append(command, id, "rejected" in decision || decision.length === 0 ? receipts : decision);
  };

  /** A command that was already sent is not sent again. */
  const send = (command: SentCommand): void => {
    if (sent.has(command.metadata.id)) return;
    sent.add(command.metadata.id);
    for (const seconds of options.arrivalsOf(command))
      if (seconds === 0) handle(command);
      else after(seconds, () => handle(command));
  };

  const conclude = (type: "CommandExpired" | "CommandResumed", task: Task, command: SentCommand) => {
    const { id } = command.metadata;
    const history = eventsOf(command.streamId);
    const waiting = task.progress(history)[type === "CommandExpired" ? "undecided" : "parked"];
    if (!waiting.some(({ metadata }) => metadata.id === id)) return;
    if (type === "CommandExpired" && task.mode === "forward" && !answer(command, history)) return;
    const data = { command: command.type, commandId: id, ...(type === "CommandResumed" && { how: "retry" }) };
    append(command, type === "CommandExpired" ? expiryOf(id) : resumeOf(id), [{ type, data }]);
  };
  const expire = (task: Task, commands: readonly SentCommand[]) => {
    for (const command of commands) conclude("CommandExpired", task, command);
  };

  const positionNow = () => positionOf(saga, { id: sagaId, history });

  const setDeadline = (task: Task, undecided: readonly SentCommand[]) => {
    const wait = undecided.map(({ metadata }) => metadata.id).join();
    if (deadlines.has(wait)) return;
    deadlines.add(wait);
    after(task.mode === "undo" ? undoSeconds : task.timeoutSeconds, () => {
      deadlines.delete(wait);
      const { current } = positionNow() ?? {};
      if (current?.task.name !== task.name) return;
      const isOurs = ({ metadata }: SentCommand) => wait.split(",").includes(metadata.id);
      expire(current.task, current.progress.undecided.filter(isOurs));
      react();
    });
  };

  const react = (): void => {
    const { current } = positionNow() ?? {};
    if (!current) return;
    const { task, progress } = current;
    const { kind, undecided, unanswered } = progress;
    if (kind === "failed") expire(task, undecided);
    if (kind !== "pending") return;
    setDeadline(task, undecided);
    for (const command of unanswered) send(command);
  };

  const hear = (event: RecordedEvent): void => {
    if (!instancesOf(saga, event).includes(sagaId)) return;
    if (!history.some(({ metadata }) => metadata.id === event.metadata.id))
      history = [...history, historyEntry(saga, event)];
    react();
  };

  const pass = (seconds: number): void => {
    const end = now + seconds;
    for (let [next] = agenda; next && next.at <= end; [next] = agenda) {
      agenda = agenda.slice(1);
      now = next.at;
      next.run();
    }
    now = end;
  };

  return {
    after,
    handle,
    send,
    pass,
    events: eventsOf,
    streams: () => [...streams.values()],
    status: () => positionNow()?.status ?? ({ kind: "none" } as const),
    /** Resumes with retry, as an operator does after the cause is fixed. */
    retry: () => {
      const { current } = positionNow() ?? {};
      for (const command of current?.progress.parked ?? [])
        if (current) conclude("CommandResumed", current.task, command);
    },
    /** Allows commands that were sent to be sent again. */
    forget: () => sent.clear(),
  };
};
