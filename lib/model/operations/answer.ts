/** The answers of the operator function. An answer may have more fields than these. */
import * as z from "zod";

const saga = z
  .object({
    saga: z.string(),
    id: z.string(),
    status: z.string(),
    step: z.string().optional(),
    since: z.string(),
    reasonCode: z.string().optional(),
    reason: z.string().optional(),
    lastError: z.object({ because: z.string() }).readonly().optional(),
  })
  .readonly();

const parkedStream = z
  .object({
    consumer: z.string(),
    streamId: z.string(),
    version: z.int(),
    error: z.string(),
    at: z.string(),
  })
  .readonly();

/** An instance of a saga that the application no longer has. */
const removedSaga = z.object({ saga: z.string(), id: z.string() }).readonly();

const deadLetter = z
  .object({
    handler: z.string(),
    at: z.string(),
    streamId: z.string().optional(),
    version: z.int().optional(),
    eventType: z.string().optional(),
    because: z.string().optional(),
    payload: z.string(),
  })
  .readonly();

/** The schema of an answer. */
export const operationAnswer = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("resumed"), status: z.string() }),
    z.object({
      kind: z.literal("parked"),
      streams: z.array(parkedStream).readonly(),
      sagas: z.array(saga).readonly().default([]),
    }),
    z.object({
      kind: z.literal("stuck"),
      sagas: z.array(saga).readonly().default([]),
      removed: z.array(removedSaga).readonly(),
    }),
    z.object({ kind: z.enum(["redriven", "parked-again", "failed"]) }),
    z.object({ kind: z.literal("republished"), events: z.int() }),
    z.object({
      kind: z.literal("dead-letters"),
      letters: z.array(deadLetter).readonly(),
      more: z.boolean(),
    }),
    z.object({ kind: z.literal("handler-redriven"), count: z.int(), more: z.boolean() }),
    z.object({ kind: z.literal("refused"), because: z.string() }),
  ])
  .readonly();

/** An answer of the operator function. */
export type OperationAnswer = z.output<typeof operationAnswer>;

/** Streams that are parked for a projection. */
export type ParkedStreams = Extract<OperationAnswer, { kind: "parked" }>["streams"];
/** Saga instances as lists show them. */
export type ListedSagas = Extract<OperationAnswer, { kind: "parked" }>["sagas"];
/** Dead letters as lists show them. */
export type ListedDeadLetters = Extract<OperationAnswer, { kind: "dead-letters" }>["letters"];
