/**
 * What operators do: continue a parked saga, list the parked streams, and from the store redrive one, in order, or
 * publish one again.
 * Every operation may be repeated.
 */
import * as z from "zod";
import type { Application } from "../model/application.ts";
import { type Instance, instanceIn, instancesOf, noteOf } from "../model/instance.ts";
import type { AnySaga } from "../model/saga.ts";
import { position, type Status, status } from "../model/status.ts";
import { categoryOf, isStreamId } from "../model/stream.ts";
import { UnreadableCommit } from "../ports/event-store.ts";
import type { InstanceItem, Instances } from "../ports/instances.ts";
import type { ParkedStream } from "../ports/parked.ts";
import type { SagaEngine } from "../ports/saga-engine.ts";
import { conclude } from "./conclude.ts";
import { executionName } from "./execution-name.ts";
import { loadStream } from "./load-stream.ts";
import { type ProjectPorts, projectStreams } from "./project.ts";
import { type Republished, type RepublishPorts, republish } from "./republish.ts";
import { settle, waitsForOperator } from "./settle.ts";

export const operation = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("resume"),
    sagaId: z.string(),
    how: z.enum(["retry", "skip"]),
    actor: z.string().optional(),
  }),
  z.object({ action: z.literal("parked") }),
  /** Of one projection, or of all that follow the stream, as a record is parked that nobody can read. */
  z.object({ action: z.literal("redrive"), projection: z.string(), streamId: z.string() }),
  z.object({ action: z.literal("republish"), streamId: z.string(), after: z.int().min(0).default(0) }),
]);

export type Operation = z.output<typeof operation>;

export type OperationResult =
  | { readonly kind: "resumed"; readonly status: Status["kind"] }
  | { readonly kind: "parked"; readonly streams: readonly ParkedStream[] }
  | { readonly kind: "redriven" | "parked-again" | "failed" }
  | Republished;

export type OperatePorts = ProjectPorts &
  RepublishPorts & { readonly instances: Instances; readonly engine: SagaEngine };

/** A resume that died after it was noted: perhaps the engine has not heard of it, and nobody else will tell it. */
const isResumedInPart = (item: InstanceItem, { kind }: Status): boolean =>
  waitsForOperator(item) && kind !== "completed" && kind !== "compensated";

const refused = (because: string): OperationResult => ({ kind: "refused", because });

export const operator = (
  application: Pick<Application<never>, "sagas" | "projections">,
  ports: OperatePorts,
): ((operation: Operation) => Promise<OperationResult>) => {
  const { instances, engine, parked, log } = ports;

  /** Its own execution is gone: a new one goes through the same tasks, each of which finds its verdict noted. */
  const restart = async (saga: AnySaga, { id }: InstanceItem) => {
    const restarts = await instances.restart(id);
    await engine.start(saga.name, executionName(id, restarts), id);
    await instances.park(id, undefined);
  };

  const resumeCommands = async (
    saga: AnySaga,
    item: InstanceItem,
    instance: Instance,
    { how, actor }: { readonly how: "retry" | "skip"; readonly actor?: string },
  ): Promise<InstanceItem> => {
    const { current } = position(instance, item.notes);
    if (!current) return item;
    const { task, progress } = current;
    const conclusion = { kind: "resume", how, actor } as const;
    const resuming = progress.parked.map((command) => conclude(ports)(task, command, conclusion));
    const found = (await Promise.all(resuming)).flat();
    const own = found.filter((event) => instancesOf(saga, event).includes(item.id));
    return instances.note(
      item.id,
      own.map((event) => noteOf(saga, event)),
    );
  };

  const resume = async (request: Extract<Operation, { action: "resume" }>): Promise<OperationResult> => {
    const { sagaId, how, actor } = request;
    const saga = application.sagas.find(({ name }) => sagaId.startsWith(`${name}/`));
    const item = saga && (await instances.read(sagaId));
    const instance = item && instanceIn(saga, sagaId, item.notes);
    if (!saga || !item || !instance) return refused(`there is no saga ${sagaId}`);
    const before = status(instance, item.notes);
    if (before.kind !== "parked" && !item.parked && !isResumedInPart(item, before))
      return refused(`${sagaId} is ${before.kind}, not parked`);
    const resumed = before.kind === "parked" ? await resumeCommands(saga, item, instance, request) : item;
    if (item.parked) await restart(saga, item);
    else await settle(saga, ports, resumed);
    const { correlationId } = instance.start.metadata;
    log.write({ kind: "saga", message: `${sagaId} resumed: ${how}`, correlationId, sagaId, actor });
    return { kind: "resumed", status: status(instance, resumed.notes).kind };
  };

  const redrive = async (request: Extract<Operation, { action: "redrive" }>): Promise<OperationResult> => {
    const { projection: name, streamId } = request;
    const named = application.projections.filter((each) => name === "project" || each.name === name);
    if (named.length === 0) return refused(`there is no projection ${name}`);
    const followers = named.filter(({ sources }) =>
      sources.some((source) => isStreamId(streamId) && source.name === categoryOf(streamId)),
    );
    if (!isStreamId(streamId) || followers.length === 0)
      return refused(`${name} follows no stream ${streamId}`);
    const commits = await loadStream(ports.store, streamId, "strong");
    for (const projection of followers) {
      const result = await projectStreams(projection, ports, new Map([[streamId, commits]]));
      if (result.again.length > 0) return { kind: "failed" };
      if (result.parked.length > 0) return { kind: "parked-again" };
      await parked.release(projection.name, streamId);
    }
    if (name === "project") await parked.release(name, streamId);
    log.write({ kind: "saga", message: `${name} redriven with ${streamId}` });
    return { kind: "redriven" };
  };

  const publishAgain = async (request: Extract<Operation, { action: "republish" }>) => {
    const { streamId, after } = request;
    if (!isStreamId(streamId)) return refused(`${streamId} is no stream`);
    const result = await republish(ports)(streamId, after);
    if (result.kind !== "republished") return result;
    await parked.release("relay", streamId);
    log.write({ kind: "saga", message: `${streamId} republished after ${after}: ${result.events} events` });
    return result;
  };

  const run = async (request: Operation): Promise<OperationResult> => {
    switch (request.action) {
      case "resume":
        return resume(request);
      case "parked":
        return { kind: "parked", streams: await parked.list() };
      case "redrive":
        return redrive(request);
      case "republish":
        return publishAgain(request);
    }
  };

  /** What stands in a stream has to be put right first. */
  return (request) =>
    run(request).catch((error: unknown) => {
      if (error instanceof UnreadableCommit) return refused(error.message);
      throw error;
    });
};
