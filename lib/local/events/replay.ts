/**
 * Replays of archives, as StartReplay begins them: the events of a time come to the bus again, minute by minute and
 * in no order within one, each with the name of the replay in it. A replay is in the journal before StartReplay
 * answers; after a kill -9 it goes on with the minute that it was in, so that some events come once more.
 */
import * as z from "zod";
import { shuffled } from "../machine/random.ts";
import { inputOf } from "../service/properties.ts";
import { type Cloud, type Input, type Operation, ServiceError } from "../service/service.ts";
import type { Archive, ArchivedEvent } from "./archive.ts";

const seconds = z.number();

const startReplaySchema = z.strictObject({
  ReplayName: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/),
  Description: z.string().max(512).optional(),
  EventSourceArn: z.string(),
  EventStartTime: seconds,
  EventEndTime: seconds,
  Destination: z.strictObject({ Arn: z.string() }),
});

const describeReplaySchema = z.strictObject({ ReplayName: z.string() });

type Replay = {
  /** As it was asked for. */
  readonly request: z.infer<typeof startReplaySchema>;
  readonly state: "STARTING" | "RUNNING" | "COMPLETED";
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The start of the minute that came last, in milliseconds since 1970. */
  readonly replayed?: number;
};

const minuteMilliseconds = 60_000;
const runningMax = 10;

const minuteOf = ({ time }: ArchivedEvent): number =>
  Math.floor(Date.parse(time) / minuteMilliseconds) * minuteMilliseconds;

const checked = (input: Input) => {
  const request = inputOf(input, startReplaySchema, "ValidationException");
  if (request.EventEndTime > request.EventStartTime) return request;
  throw new ServiceError(
    "ValidationException",
    "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
  );
};

export type Replays = {
  readonly operations: Readonly<Record<string, Operation>>;
  /** Goes on with what a former process has begun. */
  readonly resume: () => void;
};

/** `bring` gives an event of this replay to the rules of the bus. */
export const replays = (
  cloud: Cloud,
  archives: readonly Archive[],
  bring: (busArn: string, event: ArchivedEvent, replayName: string) => void,
): Replays => {
  const known = cloud.journal.map<Replay>("replays");
  const arnOf = (name: string) => `arn:aws:events:${cloud.region}:${cloud.account}:replay/${name}`;

  const archiveAt = (arn: string): Archive => {
    const archive = archives.find((each) => each.arn === arn);
    if (archive) return archive;
    throw new ServiceError("ResourceNotFoundException", `Archive ${arn.split("/").at(-1)} does not exist.`);
  };

  /** The events of the earliest minute that has not come yet. */
  const nextMinute = ({ request, replayed = Number.NEGATIVE_INFINITY }: Replay) => {
    const { EventSourceArn, EventStartTime, EventEndTime } = request;
    const left = archiveAt(EventSourceArn)
      .between(EventStartTime * 1000, EventEndTime * 1000)
      .filter((event) => minuteOf(event) > replayed);
    const minute = left.reduce((first, event) => Math.min(first, minuteOf(event)), Number.POSITIVE_INFINITY);
    return { minute, events: left.filter((event) => minuteOf(event) === minute) };
  };

  /** A minute in a turn, so that whatever else there is to do gets its turn too. */
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
    runSoon(name);
  };

  const runSoon = (name: string) => void cloud.clock.at(cloud.clock.now(), () => run(name));

  const isRunning = ({ state }: Replay) => state !== "COMPLETED";

  const startReplay: Operation = {
    requires: (input) => [{ action: "events:StartReplay", resource: checked(input).EventSourceArn }],
    run: (input) => {
      const request = checked(input);
      const { ReplayName: name, EventSourceArn, Destination } = request;
      if (archiveAt(EventSourceArn).busArn !== Destination.Arn)
        throw new ServiceError(
          "ValidationException",
          "Parameter Destination.Arn is not valid. Reason: Must contain the event bus that the archive is of.",
        );
      if (known.get(name))
        throw new ServiceError("ResourceAlreadyExistsException", `Replay ${name} already exists.`);
      if ([...known.entries()].filter(([, each]) => isRunning(each)).length >= runningMax)
        throw new ServiceError("LimitExceededException", `${runningMax} replays are running.`);
      const startedAt = cloud.clock.now();
      known.set(name, { request, state: "STARTING", startedAt });
      runSoon(name);
      return { ReplayArn: arnOf(name), State: "STARTING", ReplayStartTime: startedAt / 1000 };
    },
  };

  const describeReplay: Operation = {
    requires: ({ ReplayName }) => [{ action: "events:DescribeReplay", resource: arnOf(`${ReplayName}`) }],
    run: (input) => {
      const { ReplayName } = inputOf(input, describeReplaySchema, "ValidationException");
      const replay = known.get(ReplayName);
      if (!replay)
        throw new ServiceError("ResourceNotFoundException", `Replay ${ReplayName} does not exist.`);
      const { request, state, startedAt, endedAt, replayed } = replay;
      return {
        ...request,
        ReplayArn: arnOf(ReplayName),
        State: state,
        ReplayStartTime: startedAt / 1000,
        ...(endedAt !== undefined && { ReplayEndTime: endedAt / 1000 }),
        ...(replayed !== undefined && { EventLastReplayedTime: replayed / 1000 }),
      };
    },
  };

  return {
    operations: { StartReplay: startReplay, DescribeReplay: describeReplay },
    resume: () => {
      for (const [name, replay] of known.entries()) if (isRunning(replay)) runSoon(name);
    },
  };
};
