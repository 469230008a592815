/**
 * Runs replays of archives: the events of a period are put on the bus again, minute by minute. The order within a
 * minute is undefined, and each event has the name of the replay. A replay is in the journal. After a kill -9 it
 * continues with the minute that it was in, so some events are delivered twice.
 */

import type { DurableMap } from "../../machine/journal.ts";
import { shuffled } from "../../machine/random.ts";
import { type Cloud, ServiceError } from "../../service/service.ts";
import type { Archive, ArchivedEvent } from "./archive.ts";
import type { StartReplay } from "./replay-requests.ts";

type Replay = {
  readonly request: StartReplay;
  readonly state: "STARTING" | "RUNNING" | "COMPLETED";
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The start of the last minute that was replayed, in milliseconds since 1970. */
  readonly replayed?: number;
};

/** Gives an event of a replay to the rules of the bus. */
type Bring = (busArn: string, event: ArchivedEvent, replayName: string) => void;

export type ReplayRuns = {
  readonly known: DurableMap<Replay>;
  /** Throws if no archive has this ARN. */
  readonly archiveAt: (arn: string) => Archive;
  readonly runningCount: () => number;
  readonly start: (name: string) => void;
  /** Continues the replays that an earlier process has started. */
  readonly resume: () => void;
};

const minuteMilliseconds = 60_000;

const minuteOf = ({ time }: ArchivedEvent): number =>
  Math.floor(Date.parse(time) / minuteMilliseconds) * minuteMilliseconds;

const isRunning = ({ state }: Replay) => state !== "COMPLETED";

export const replayRuns = (cloud: Cloud, archives: readonly Archive[], bring: Bring): ReplayRuns => {
  const known = cloud.journal.map<Replay>("replays");

  const archiveAt = (arn: string): Archive => {
    const archive = archives.find((each) => each.arn === arn);
    if (archive) return archive;
    throw new ServiceError("ResourceNotFoundException", `Archive ${arn.split("/").at(-1)} does not exist.`);
  };

  /** The events of the first minute that has not been replayed. */
  const nextMinute = ({ request, replayed = Number.NEGATIVE_INFINITY }: Replay) => {
    const { EventSourceArn, EventStartTime, EventEndTime } = request;
    const left = archiveAt(EventSourceArn)
      .between(EventStartTime * 1000, EventEndTime * 1000)
      .filter((event) => minuteOf(event) > replayed);
    const minute = left.reduce((first, event) => Math.min(first, minuteOf(event)), Number.POSITIVE_INFINITY);
    return { minute, events: left.filter((event) => minuteOf(event) === minute) };
  };

  /** Replays one minute per turn of the event loop, so that other work is not delayed. */
  const run = (name: string): void => {
    const replay = known.get(name);
    if (!replay) return;
    const { minute, events } = nextMinute(replay);
    if (events.length === 0) {
      known.set(name, { ...replay, state: "COMPLETED", endedAt: cloud.clock.now() });
      return;
    }
    for (const event of shuffled(events)) bring(replay.request.Destination.Arn, event, name);
    known.set(name, { ...replay, state: "RUNNING", replayed: minute });
    start(name);
  };

  const start = (name: string) => void cloud.clock.at(cloud.clock.now(), () => run(name));

  return {
    known,
    archiveAt,
    runningCount: () => [...known.entries()].filter(([, each]) => isRunning(each)).length,
    start,
    resume: () => {
      for (const [name, replay] of known.entries()) if (isRunning(replay)) start(name);
    },
  };
};
