/** The decider of tasks: the commands, the events, and which events follow from a command. It only computes. */
import { command, type Decider, event, reject } from "eventfold";
import * as z from "zod";

const taskId = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/)
  .meta({ examples: ["1"] });

const commands = {
  AddTask: z.object({
    taskId,
    title: z
      .string()
      .min(1)
      .max(200)
      .meta({ examples: ["Water the plants"] }),
    assignee: z.email(),
  }),
  CompleteTask: z.object({ taskId }),
};

const events = {
  TaskAdded: z.object({ taskId, title: z.string(), assignee: z.string() }),
  TaskCompleted: z.object({ taskId }),
};

const rejections = ["already-added", "unknown-task"] as const;

type State = { readonly status: "new" | "open" | "completed" };

export const task: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "task",
  identifiedBy: "taskId",
  commands,
  events,
  rejections,
  rejectionKinds: { "unknown-task": "not-found" },
  initialState: { status: "new" },
  begins: ["AddTask"],
  decide: {
    AddTask: ({ data }, { status }) =>
      status === "new"
        ? [{ type: "TaskAdded", data }]
        : reject("already-added", "this task was already added"),
    CompleteTask: ({ data }, { status }) => {
      if (status === "new") return reject("unknown-task", "there is no such task");
      return status === "open" ? [{ type: "TaskCompleted", data }] : [];
    },
  },
  evolve: {
    TaskAdded: () => ({ status: "open" }),
    TaskCompleted: () => ({ status: "completed" }),
  },
};

export const taskAdded = event(task, "TaskAdded");
export const addTask = command(task, "AddTask");
export const completeTask = command(task, "CompleteTask");
