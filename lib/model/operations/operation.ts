/** What operators may ask of the function of operators. */
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
    /** Of one projection; of all projections that follow the stream if its name is `project`. */
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

export type Operation = z.output<typeof operation>;

/** Throws if a value is not an operation; the error says what does not fit. */
export const operationIn = (value: unknown): Operation => operation.parse(value, wording);
