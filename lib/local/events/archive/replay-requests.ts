/** The requests of StartReplay and DescribeReplay. */
import * as z from "zod";
import { inputOf } from "../../service/properties.ts";
import { type Input, ServiceError } from "../../service/service.ts";

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

export type StartReplay = z.infer<typeof startReplaySchema>;

/** Throws AWS's error if the request is not valid. */
export const startReplayIn = (input: Input): StartReplay => {
  const request = inputOf(input, startReplaySchema, "ValidationException");
  if (request.EventEndTime > request.EventStartTime) return request;
  throw new ServiceError(
    "ValidationException",
    "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
  );
};

export const replayNameIn = (input: Input): string =>
  inputOf(input, describeReplaySchema, "ValidationException").ReplayName;
