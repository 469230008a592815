/**
 * The status of a saga instance, as clients and operators see it. It is the same for every engine. It shows the present
 * names of the saga and its steps. Ids of commands keep the stored ones.
 */
import type { AnyApplication } from "../../model/application.ts";
import { answeredBy, type RecordedEvent, type SentCommand } from "../../model/message.ts";
import { sagaOfInstance } from "../../model/named.ts";
import { presentNameOf } from "../../model/names/stored-name.ts";
import type { AnySaga } from "../../model/saga.ts";
import { reasonCode } from "../../model/sagas/reason-code.ts";
import { presentTasks } from "../../model/sagas/task-name.ts";
import type { InstanceItem, Instances, ParkedMark } from "../../ports/instances.ts";
import { sentenceOf } from "../handlers/sentence.ts";
import { type InstanceStatus, instanceStatusOf, isStuck } from "./instance-status.ts";
import { decisionsOn } from "./resume.ts";
import { wordsOf } from "./settle.ts";

/** The command ids of a saga begin with the instance and the step. */
const stepOf = (sagaId: string, event: RecordedEvent): string | undefined => {
  const commandId = answeredBy(event);
  return commandId.startsWith(`${sagaId}/`) ? commandId.slice(sagaId.length + 1).split("/")[0] : undefined;
};

/** Why the instance is compensating or parked. The mark of an execution that ended early takes precedence. */
const reasonOf = (
  saga: AnySaga,
  { position: { current, status } }: InstanceStatus,
  { parked }: InstanceItem,
) => {
  if (current && parked) return { reasonCode: parked.code, reason: sentenceOf(parked.because) };
  if (!("reason" in status)) return { reasonCode: undefined, reason: undefined };
  const { reason } = status;
  const step = presentTasks(saga)(reason.step);
  return { reasonCode: reasonCode(reason), reason: wordsOf({ ...reason, step }) };
};

/** The last error of its task, unless the saga has continued since then. */
const lastErrorOf = (saga: AnySaga, { since, position }: InstanceStatus, { fault }: InstanceItem) =>
  fault && position.current && fault.at >= since
    ? { ...fault, step: presentTasks(saga)(fault.step) }
    : undefined;

/** Items of an earlier version may contain a stack trace. */
const shownMark = ({ code, because, at }: ParkedMark): ParkedMark => ({
  code,
  because: sentenceOf(because),
  at,
});

const shown = ({ type, streamId, metadata: { id } }: SentCommand) => ({ type, streamId, id });

/**
 * What the instance waits for: an answer from the streams of its commands, an event that ends the step, or an
 * operator who resumes it. Includes the commands concerned and the end of the wait.
 */
const waitsFor = (saga: AnySaga, { kind, position: { current }, until }: InstanceStatus) => {
  if (!current) return undefined;
  const { parked, undecided, unanswered } = current.progress;
  if (kind === "parked") return { kind: "resume", commands: parked.map(shown) };
  if (kind !== "waiting") return { kind: "answer", commands: unanswered.map(shown), until };
  const step = saga.steps.find(({ name }) => name === current.task.name);
  const events = [...(step?.succeeds ?? []), ...(step?.fails ?? [])].map(({ type }) => type);
  return { kind: "event", events, commands: undecided.map(shown), until };
};

/** The fields that a list shows of an instance. */
const summaryOf = (
  saga: AnySaga,
  { item, instanceStatus }: { readonly item: InstanceItem; readonly instanceStatus: InstanceStatus },
  now: Date,
) => {
  const { position, kind, since, until } = instanceStatus;
  return {
    saga: presentNameOf(saga),
    id: item.id.slice(item.id.indexOf("/") + 1),
    status: kind,
    step: position.current && presentTasks(saga)(position.current.task.name),
    since,
    until,
    stuck: isStuck(instanceStatus, now),
    ...reasonOf(saga, instanceStatus, item),
    lastError: lastErrorOf(saga, instanceStatus, item),
    correlationId: position.instance.start.metadata.correlationId,
  };
};

export type SagaSummary = ReturnType<typeof summaryOf>;

/** Undefined if the history has no start. */
const sagaSummary = (saga: AnySaga, item: InstanceItem, now: Date): SagaSummary | undefined => {
  const instanceStatus = instanceStatusOf(saga, item);
  return instanceStatus && summaryOf(saga, { item, instanceStatus }, now);
};

/** The summaries of these instances. Instances of removed sagas and instances without a start are left out. */
export const sagaSummaries = async (
  application: Pick<AnyApplication, "sagas">,
  instances: Pick<Instances, "read">,
  ids: readonly string[],
  now: Date,
): Promise<readonly SagaSummary[]> => {
  const summaries = ids.map(async (id) => {
    const saga = sagaOfInstance(application, id);
    const summary = saga && sagaSummary(saga, await instances.read(id), now);
    return summary ? [summary] : [];
  });
  return (await Promise.all(summaries)).flat();
};

/** A row that is repeated after a crash may append the events of several streams in another order. */
const byTime = (history: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  history.toSorted((one, other) => one.metadata.recordedAt.localeCompare(other.metadata.recordedAt));

/** Undefined if the history has no start. */
export const sagaReport = (saga: AnySaga, item: InstanceItem, now: Date) => {
  const instanceStatus = instanceStatusOf(saga, item);
  if (!instanceStatus) return undefined;
  const { instance, done, current, status } = instanceStatus.position;
  const present = presentTasks(saga);
  const steps = saga.steps.map(({ name }) => name).filter((name) => !instance.skips.includes(name));
  return {
    ...summaryOf(saga, { item, instanceStatus }, now),
    definition: { name: presentNameOf(saga), steps: steps.map(present) },
    done: done.map(present),
    waitsFor: waitsFor(saga, instanceStatus),
    outcome: current ? undefined : status.kind,
    parked: current && item.parked ? shownMark(item.parked) : undefined,
    decisions: decisionsOn(item),
    events: byTime(item.history).map((event) => {
      const { id: eventId, recordedAt, commandId, causationId, actor } = event.metadata;
      const step = stepOf(item.id, event);
      return {
        type: event.type,
        id: eventId,
        recordedAt,
        commandId,
        causationId,
        actor,
        step: step && present(step),
      };
    }),
  };
};
