/**
 * Brings read models what an archive replays: the streams of the events are followed once more, from the store, and
 * each row takes only what it does not have. So a replay gives back what is missing and changes nothing else, in
 * whatever order its events come and however often. What nobody can read was parked when it was new, and stays so.
 */
import type { AnyProjection } from "../../model/projection.ts";
import { categoryOf, type StreamId } from "../../model/stream.ts";
import { type Delivery, type Handle, retry } from "../../ports/delivery.ts";
import { UnreadableCommit } from "../../ports/event-store.ts";
import type { StreamRecord } from "../../ports/stream-record.ts";
import { loadStream } from "../streams/load-stream.ts";
import { type ProjectPorts, projector } from "./project.ts";

const streamOf = (delivery: Delivery): StreamId | undefined =>
  delivery.kind === "event" ? delivery.event.metadata.streamId : undefined;

export const repairer = (projections: readonly AnyProjection[], ports: ProjectPorts): Handle => {
  const { store, log } = ports;
  const project = projector(projections, ports);
  const sources = new Set(projections.flatMap((projection) => projection.sources.map(({ name }) => name)));

  const problem = (message: string, error?: unknown) =>
    log.write({ kind: "problem", message: `repair: ${message}`, error });

  /** Each commit by the name of its stream; "failed" where the store could not be asked. */
  const load = async (streamId: StreamId): Promise<readonly StreamRecord[] | "failed"> => {
    try {
      const commits = await loadStream(store, streamId, "strong");
      return commits.map((commit) => ({ id: streamId, kind: "commit", commit }));
    } catch (error) {
      problem(`${error}`, error);
      return error instanceof UnreadableCommit ? [] : "failed";
    }
  };

  return async (deliveries) => {
    const streamIds = [...new Set(deliveries.flatMap((each) => streamOf(each) ?? []))];
    const followed = streamIds.filter((streamId) => sources.has(categoryOf(streamId)));
    const loaded = await Promise.all(followed.map(load));
    const failed = followed.filter((_, index) => loaded[index] === "failed");
    const records = loaded.flatMap((each) => (each === "failed" ? [] : each));
    const unfinished = new Set<string | undefined>([...failed, ...(await project(records))]);
    return deliveries.filter((delivery) => unfinished.has(streamOf(delivery))).map(({ id }) => retry(id));
  };
};
