/** The requests that operators can send to the operator function. */
import * as z from "zod";
import { wording } from "../json/wording.ts";

const operation = z
  .discriminatedUnion("action", [
    z.object({
      action: z.literal("resume"),
      sagaId: z.string(),
      how: z.enum(["retry", "skip"]),
      actor: z.string().optional(),
    }),
    z.object({ action: z.literal("parked") }),
    z.object({ action: z.literal("stuck") }),
    /** For one projection, or for all projections that use the stream if the name is `project`. */
    z.object({ action: z.literal("redrive"), projection: z.string(), streamId: z.string() }),
    z.object({ action: z.literal("dead-letters"), handler: z.string().optional() }),
    z.object({
      action: z.literal("redrive-handler"),
      handler: z.string(),
      streamId: z.string().optional(),
    }),
    z.object({ action: z.literal("republish"), streamId: z.string(), after: z.int().min(0).default(0) }),
  ])
  .readonly();

/** A request to the operator function. */
export type Operation = z.output<typeof operation>;

/** The request in a value. Throws, with what does not fit, if the value is not a request. */
export const operationIn = (value: unknown): Operation => operation.parse(value, wording);
