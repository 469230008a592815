import * as z from "zod";
import { isStreamId, type StreamId } from "../stream.ts";

/** The id of a stream in data from outside. */
export const streamIdText = z.custom<StreamId>((value) => typeof value === "string" && isStreamId(value), {
  error: "is no stream id",
});
