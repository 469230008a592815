/** Given the start of a saga and the answers to its commands, then the saga is at a step and has sent commands. */
import {
  type Command,
  expiryOf,
  type Message,
  type RecordedEvent,
  type SentCommand,
} from "../model/message.ts";
import { storedSaga } from "../model/names/as-stored.ts";
import { findByName } from "../model/names/stored-name.ts";
import type { AnySaga } from "../model/saga.ts";
import { instancesOf } from "../model/sagas/instance.ts";
import { type Position, positionOf } from "../model/sagas/position.ts";
import { wordsOf } from "../runtime/sagas/settle.ts";
import type { Case } from "./case.ts";
import { same } from "./same.ts";

/**
 * Decides the first undecided command of the current step: an event, a rejection with its code, or the end of the
 * wait.
 */
export type SagaAnswer = Message | { readonly rejected: string } | "timed out";

/** A row: the name of the test, the answers so far, the step, and the commands that wait for an answer. */
export type SagaRow = readonly [
  name: string,
  answers: readonly SagaAnswer[],
  /**
   * The current step: the name of a step, `undo-` and the name of a step, `complete` or `abandon`. At the end,
   * `completed` or `compensated`. If an operator must decide, `parked`.
   */
  at: string,
  /** The commands of this step that are undecided. */
  sends: readonly Command[],
];

const openAt = ({ current }: Position): readonly SentCommand[] => current?.progress.undecided ?? [];

const messageOf = (answer: Exclude<SagaAnswer, "timed out">, { type, metadata }: SentCommand): Message =>
  "rejected" in answer
    ? {
        type: "CommandRejected",
        data: { command: type, commandId: metadata.id, code: answer.rejected, because: answer.rejected },
      }
    : answer;

const recordedAs = (
  { streamId, metadata }: SentCommand,
  version: number,
  commandId: string,
  message: Message,
): RecordedEvent => {
  const { causationId, correlationId, sagaId, issuedAt: recordedAt } = metadata;
  const ids = { id: `${streamId}@${version}`, streamId, version, commandId, causationId, correlationId };
  return { ...message, metadata: { ...ids, recordedAt, ...(sagaId !== undefined && { sagaId }) } };
};

/** Each event gets the next version, so that all of them differ. */
const after = (position: Position, history: readonly RecordedEvent[], answer: SagaAnswer) => {
  const open = openAt(position);
  const [first] = open;
  if (!first)
    throw new Error(`saga ${position.instance.id}: expected no more answers, got ${JSON.stringify(answer)}`);
  const version = 1 + history.length;
  if (answer !== "timed out")
    return [...history, recordedAs(first, version, first.metadata.id, messageOf(answer, first))];
  const expired = open.map((command, index) => {
    const data = { command: command.type, commandId: command.metadata.id };
    const message = { type: "CommandExpired", data };
    return recordedAs(command, version + index, expiryOf(command.metadata.id), message);
  });
  return [...history, ...expired];
};

const atOf = ({ status }: Position): string =>
  "step" in status && status.kind !== "parked" ? status.step : status.kind;

/** The name of a task under which the status shows it. A renamed step keeps its first name. */
const storedTask = ({ steps }: AnySaga, at: string): string => {
  const prefix = at.startsWith("undo-") ? "undo-" : "";
  const step = findByName(steps, at.slice(prefix.length));
  return step ? `${prefix}${step.name}` : at;
};

/**
 * The tests of a saga, one per row. `start` is the event that starts it; `recorded` makes such an event. Throws if
 * the event does not start the saga. Each test throws an AssertionError if it fails. `Saga` has an example.
 */
export const sagaCases = (
  written: AnySaga,
  start: RecordedEvent,
  rows: readonly SagaRow[],
): readonly Case[] => {
  const saga = storedSaga(written);
  const [id = ""] = instancesOf(saga, start);
  const positionAfter = (history: readonly RecordedEvent[]): Position => {
    const position = positionOf(saga, { id, history });
    if (position?.status.kind === "parked" && position.status.reason.kind === "cannot-continue")
      throw new Error(`saga ${written.name}: ${wordsOf(position.status.reason)}`);
    if (position) return position;
    throw new Error(
      `saga ${written.name}: expected its start ${saga.startsOn.category}.${saga.startsOn.type}, got ${start.type} of ${start.metadata.streamId}`,
    );
  };
  positionAfter([start]);
  return rows.map(([name, answers, at, sends]) => ({
    name,
    run: () => {
      const history = answers.reduce<readonly RecordedEvent[]>(
        (before, answer) => after(positionAfter(before), before, answer),
        [start],
      );
      const position = positionAfter(history);
      const sent = openAt(position).map(({ metadata: _, ...command }) => command);
      same({ at: atOf(position), sends: sent }, { at: storedTask(saga, at), sends });
    },
  }));
};
