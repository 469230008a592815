/** The operations on replays. A replay is in the journal before StartReplay answers. */
import { type Cloud, type Operation, ServiceError } from "../../service/service.ts";
import { replayNameIn, startReplayIn } from "./replay-requests.ts";
import type { ReplayRuns } from "./replay-run.ts";

const runningMax = 10;

export const replayOperations = (cloud: Cloud, runs: ReplayRuns): Readonly<Record<string, Operation>> => {
  const arnOf = (name: string) => `arn:aws:events:${cloud.region}:${cloud.account}:replay/${name}`;

  const startReplay: Operation = {
    requires: (input) => [{ action: "events:StartReplay", resource: startReplayIn(input).EventSourceArn }],
    run: (input) => {
      const request = startReplayIn(input);
      const { ReplayName: name, EventSourceArn, Destination } = request;
      if (runs.archiveAt(EventSourceArn).busArn !== Destination.Arn)
        throw new ServiceError(
          "ValidationException",
          "Parameter Destination.Arn is not valid. Reason: Must contain the event bus that the archive is of.",
        );
      if (runs.known.get(name))
        throw new ServiceError("ResourceAlreadyExistsException", `Replay ${name} already exists.`);
      if (runs.runningCount() >= runningMax)
        throw new ServiceError("LimitExceededException", `${runningMax} replays are running.`);
      const startedAt = cloud.clock.now();
      runs.known.set(name, { request, state: "STARTING", startedAt });
      runs.start(name);
      return { ReplayArn: arnOf(name), State: "STARTING", ReplayStartTime: startedAt / 1000 };
    },
  };

  const describeReplay: Operation = {
    requires: ({ ReplayName }) => [{ action: "events:DescribeReplay", resource: arnOf(`${ReplayName}`) }],
    run: (input) => {
      const ReplayName = replayNameIn(input);
      const replay = runs.known.get(ReplayName);
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

  return { StartReplay: startReplay, DescribeReplay: describeReplay };
};
