/**
 * Restores read models from an archive replay. The streams of the replayed events are followed again from the
 * store, and each row applies only the commits that it is missing. So a replay restores missing data and changes
 * nothing else, whatever the order of its events and however often it runs. An unreadable event was parked when it
 * was new, and stays parked.
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

  /** Each commit, with its stream id as record id; "failed" if the store could not be read. */
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
