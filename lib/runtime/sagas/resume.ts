/**
 * Continues a parked saga as an operator decides. The decision is recorded with its author, either in the streams
 * of the commands that parked the saga, or on the instance if its execution had ended. A repeated request completes
 * what the first one began and decides nothing else: a saga that has parked again since then needs another
 * decision.
 */

import { type CurrentEvents, UnreadableEvent } from "../../model/events/current.ts";
import { answeredBy, isReceipt, type RecordedEvent } from "../../model/message.ts";
import { sagaOfInstance } from "../../model/named.ts";
import type { AnySaga } from "../../model/saga.ts";
import { type Position, positionOf } from "../../model/sagas/position.ts";
import type { Clock } from "../../ports/clock.ts";
import { type EventStore, UnreadableCommit } from "../../ports/event-store.ts";
import type { Decision, InstanceItem, Instances } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import type { SagaEngine } from "../../ports/saga-engine.ts";
import { conclude } from "./conclude.ts";
import { executionName } from "./execution-name.ts";
import { sagaLog } from "./saga-log.ts";
import { settle, waitsForOperator } from "./settle.ts";

/** A repeated request has the same `requestId`. A request without an id is never a repetition. */
export type ResumeRequest = Omit<Decision, "at"> & { readonly sagaId: string };

export type ResumeResult =
  | { readonly kind: "resumed"; readonly status: Position["status"]["kind"]; readonly correlationId: string }
  | { readonly kind: "unknown" | "not-parked" | "unreadable"; readonly because: string };

export type ResumePorts = {
  readonly current: CurrentEvents;
  readonly instances: Instances;
  readonly store: EventStore;
  readonly engine: SagaEngine;
  readonly clock: Clock;
  readonly log: Log;
};

/** The decisions of operators about an instance, the latest last. */
export const decisionsOn = ({ history, resumed }: InstanceItem): readonly Decision[] =>
  [
    ...history.flatMap((event) =>
      isReceipt(event) && event.type === "CommandResumed"
        ? [
            {
              how: event.data.how,
              actor: event.metadata.actor,
              requestId: event.metadata.causationId,
              at: event.metadata.recordedAt,
            },
          ]
        : [],
    ),
    ...(resumed ? [resumed] : []),
  ].toSorted((one, other) => (one.at < other.at ? -1 : 1));

/** A resume that crashed after its append. The engine may not know about it, and no other process will report it. */
const isResumedInPart = (item: InstanceItem, { current }: Position): boolean =>
  waitsForOperator(item) && current !== undefined;

const isBy = (requestId: string | undefined, decidedBy: string | undefined): boolean =>
  requestId !== undefined && requestId === decidedBy;

const isRepeated = (item: InstanceItem, { how, actor, requestId }: ResumeRequest): boolean => {
  const decisions = decisionsOn(item);
  const last = decisions.at(-1);
  const isSame = last !== undefined && last.how === how && last.actor === actor;
  return isSame || decisions.some((each) => isBy(requestId, each.requestId));
};

/** The commands that this request decides. It decides for one task, and once per command. */
const openIn = (
  { id, history }: InstanceItem,
  { task, progress }: NonNullable<Position["current"]>,
  { requestId }: ResumeRequest,
) => {
  const earlier = history.filter(
    ({ type, metadata }) => type === "CommandResumed" && isBy(requestId, metadata.causationId),
  );
  const isOfTask = (event: RecordedEvent) => answeredBy(event).startsWith(`${id}/${task.name}/`);
  if (!earlier.every(isOfTask)) return [];
  return progress.parked.filter(
    ({ streamId }) => !earlier.some(({ metadata }) => metadata.streamId === streamId),
  );
};

export const resumer = (
  { sagas }: { readonly sagas: readonly AnySaga[] },
  ports: ResumePorts,
): ((request: ResumeRequest) => Promise<ResumeResult>) => {
  const { instances, engine, clock, log } = ports;

  /** The execution has ended. A new one runs the same tasks, and each task finds its outcome in the history. */
  const restart = async (saga: AnySaga, item: InstanceItem, { how, actor, requestId }: ResumeRequest) => {
    const { id, restarts, resumed, parked } = item;
    if (!parked) return;
    const isBegun = resumed !== undefined && parked.at < resumed.at;
    if (!isBegun && isBy(requestId, resumed?.requestId)) return;
    const decision = { how, actor, requestId, at: clock().toISOString() };
    const number = isBegun ? restarts : await instances.restart(id, decision);
    const { instance } = positionOf(saga, item) ?? {};
    await engine.start(saga.name, executionName(id, number), id, instance?.skips);
    await sagaLog(saga, instances).park(id, undefined);
  };

  const resumeCommands = async (
    saga: AnySaga,
    item: InstanceItem,
    request: ResumeRequest,
  ): Promise<InstanceItem> => {
    const { current } = positionOf(saga, item) ?? {};
    if (!current) return item;
    const { how, actor, requestId } = request;
    const resuming = openIn(item, current, request).map((command) =>
      conclude(ports)(current.task, command, { kind: "resume", how, actor, causationId: requestId }),
    );
    return sagaLog(saga, instances).append(item, (await Promise.all(resuming)).flat());
  };

  const resume = async (request: ResumeRequest): Promise<ResumeResult> => {
    const { sagaId, how, actor } = request;
    const saga = sagaOfInstance({ sagas }, sagaId);
    const item = saga && (await instances.read(sagaId));
    const before = item && positionOf(saga, item);
    if (item?.unreadable) return { kind: "unreadable", because: item.unreadable.message };
    if (!saga || !item || !before) return { kind: "unknown", because: `there is no saga ${sagaId}` };
    const lost = item.parked?.event;
    if (lost)
      return {
        kind: "not-parked",
        because: `${sagaId} waits for ${lost}, a dead letter of ${saga.name}: redrive it to continue`,
      };
    const { status, instance } = before;
    const { correlationId } = instance.start.metadata;
    if (status.kind !== "parked" && !item.parked && !isResumedInPart(item, before))
      return isRepeated(item, request)
        ? { kind: "resumed", status: status.kind, correlationId }
        : { kind: "not-parked", because: `${sagaId} is ${status.kind}, not parked` };
    const resumed = status.kind === "parked" ? await resumeCommands(saga, item, request) : item;
    if (item.parked) await restart(saga, item, request);
    else await settle(saga, ports, resumed);
    log.write({ kind: "saga", message: `${sagaId} resumed: ${how}`, correlationId, sagaId, actor });
    const after = positionOf(saga, resumed) ?? before;
    return { kind: "resumed", status: after.status.kind, correlationId };
  };

  /** The operator must repair the stream first. */
  return (request) =>
    resume(request).catch((error: unknown) => {
      if (error instanceof UnreadableCommit || error instanceof UnreadableEvent)
        return { kind: "unreadable", because: error.message };
      throw error;
    });
};
