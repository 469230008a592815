/** Given a saga's start and these answers to its commands, then it is at this step and has sent these commands. */
import {
  type Command,
  expiryOf,
  type Message,
  type RecordedEvent,
  type SentCommand,
} from "../model/message.ts";
import type { AnySaga } from "../model/saga.ts";
import { type Instance, instanceIn, instancesOf } from "../model/sagas/instance.ts";
import { position, status } from "../model/sagas/status.ts";
import type { Case } from "./case.ts";
import { same } from "./same.ts";

/** What decides the first open command of the current step: an event, a rejection with its code, or the end of the wait. */
export type SagaAnswer = Message | { readonly rejected: string } | "timed out";

export type SagaRow = readonly [
  name: string,
  answers: readonly SagaAnswer[],
  /**
   * The step at which it is, `undo-` and a step that it undoes, `complete` or `abandon`; `completed` or `compensated`
   * at its end; `parked` if an operator must decide.
   */
  at: string,
  /** The commands of that step that are not decided. */
  sends: readonly Command[],
];

const openIn = (instance: Instance, history: readonly RecordedEvent[]): readonly SentCommand[] =>
  position(instance, history).current?.progress.undecided ?? [];

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

/** A later version for each event, so that all of them are different events. */
const after = (instance: Instance, history: readonly RecordedEvent[], answer: SagaAnswer) => {
  const open = openIn(instance, history);
  const [first] = open;
  if (!first) throw new Error(`${instance.id} waits for no answer, but gets ${JSON.stringify(answer)}`);
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

const atOf = (instance: Instance, history: readonly RecordedEvent[]): string => {
  const found = status(instance, history);
  return "step" in found && found.kind !== "parked" ? found.step : found.kind;
};

/** One case per row. `start` is the event that starts the saga: `recorded` makes it. */
export const sagaCases = (saga: AnySaga, start: RecordedEvent, rows: readonly SagaRow[]): readonly Case[] => {
  const [id = ""] = instancesOf(saga, start);
  const instance = instanceIn(saga, id, [start]);
  if (!instance) throw new Error(`${start.type} does not start saga ${saga.name}`);
  return rows.map(([name, answers, at, sends]) => ({
    name,
    run: () => {
      const history = answers.reduce<readonly RecordedEvent[]>(
        (before, answer) => after(instance, before, answer),
        [start],
      );
      const sent = openIn(instance, history).map(({ metadata: _, ...command }) => command);
      same({ at: atOf(instance, history), sends: sent }, { at, sends });
    },
  }));
};
