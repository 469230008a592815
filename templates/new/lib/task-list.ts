/** The projection of tasks: the read model of the GET routes, with one row per task. */
import type { Projection } from "eventfold";
import * as z from "zod";
import { task } from "./task.ts";

const row = z.object({
  taskId: z.string(),
  title: z.string(),
  assignee: z.string(),
  status: z.enum(["open", "completed"]),
  addedAt: z.string(),
});

export const taskList: Projection<typeof row, typeof task> = {
  name: "task-list",
  row,
  sources: [task],
  on: {
    TaskAdded: {
      key: "taskId",
      evolve: (_, { data, metadata }) => ({ ...data, status: "open", addedAt: metadata.recordedAt }),
    },
    TaskCompleted: {
      key: "taskId",
      evolve: (before) => before && { ...before, status: "completed" },
    },
  },
  indexes: {
    newest: { newestFirst: "addedAt" },
    byStatus: { by: "status", newestFirst: "addedAt" },
  },
};
