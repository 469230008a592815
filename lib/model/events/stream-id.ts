import * as z from "zod";
import { isStreamId, type StreamId } from "../stream.ts";

/** The schema of a stream id in data from outside. */
export const streamIdText = z.custom<StreamId>((value) => typeof value === "string" && isStreamId(value), {
  error: "must be a stream id, like order-1",
});
