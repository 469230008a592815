/** The smallest business with a saga that has all that a saga can have. */
import * as z from "zod";
import type { Decider } from "../../lib/model/decider.ts";
import { command, event } from "../../lib/model/reference.ts";
import { type Saga, type Step, sending } from "../../lib/model/saga.ts";

const data = z.object({ id: z.string() });
const commands = { Begin: data, Do: data, Undo: data, End: data };
const events = { Begun: data, Done: data, Undone: data, Ended: data };

export const job: Decider<number, typeof commands, typeof events, []> = {
  name: "job",
  identifiedBy: "id",
  commands,
  events,
  rejections: [],
  initialState: 0,
  decide: {
    Begin: ({ data }) => [{ type: "Begun", data }],
    Do: ({ data }) => [{ type: "Done", data }],
    Undo: ({ data }) => [{ type: "Undone", data }],
    End: ({ data }) => [{ type: "Ended", data }],
  },
  evolve: {
    Begun: (count) => count + 1,
    Done: (count) => count + 1,
    Undone: (count) => count + 1,
    Ended: (count) => count + 1,
  },
};

export const begun = event(job, "Begun");
export const done = event(job, "Done");
export const begin = command(job, "Begin");
const doIt = command(job, "Do");
const undoIt = command(job, "Undo");
const end = command(job, "End");

type Start = Parameters<Saga<typeof begun>["identifiedBy"]>[0];
type StepOptions = Partial<Pick<Step<Start>, "pivot" | "timeoutSeconds" | "onlyIf" | "waits">> & {
  readonly undone?: boolean;
};

const same = ({ data: { id } }: Start) => ({ id });

export const step = (name: string, { undone = true, ...options }: StepOptions = {}): Step<Start> => ({
  name,
  send: sending(doIt, same),
  succeeds: [done],
  fails: [],
  timeoutSeconds: 60,
  ...(undone && { undo: sending(undoIt, same) }),
  ...options,
});

export type Steps = readonly Step<Start>[];

export const sagaOf = (steps: Steps): Saga<typeof begun> => ({
  name: "run",
  startsOn: begun,
  identifiedBy: ({ data: { id } }) => id,
  steps,
  completes: sending(end, same),
  abandons: sending(undoIt, same),
});
