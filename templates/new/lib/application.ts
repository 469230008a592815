/** The application: the value that is deployed, run and documented. List each part and each route here. */
import type { Application } from "eventfold";
import type { Mailer } from "eventfold/ports/mailer";
import { notifyAssignee } from "./notify-assignee.ts";
import { addTask, completeTask, task } from "./task.ts";
import { taskList } from "./task-list.ts";

export type Services = { readonly mailer: Mailer };

/** `public` is everyone. A member has a token with the scope `member`. */
const access = ["public", "member"] as const;

export const application: Application<Services, typeof access> = {
  name: "new-application",
  version: "0.1.0",
  deciders: [task],
  projections: [taskList],
  effects: [notifyAssignee],
  sagas: [],
  access,
  // With owner "none", every member sees and changes all tasks. If a task belongs to one member, name its owner: see
  // README.md.
  routes: [
    {
      method: "POST",
      path: "/tasks",
      summary: "Add a task",
      access: "member",
      owner: "none",
      command: addTask,
      location: "/tasks/{taskId}",
    },
    {
      method: "POST",
      path: "/tasks/{taskId}/completion",
      summary: "Complete a task",
      access: "member",
      owner: "none",
      command: completeTask,
      location: "/tasks/{taskId}",
    },
    {
      method: "GET",
      path: "/tasks",
      summary: "List tasks, the newest first, or by status",
      access: "member",
      owner: "none",
      list: taskList,
      indexes: ["byStatus", "newest"],
    },
    {
      method: "GET",
      path: "/tasks/{taskId}",
      summary: "Show a task",
      access: "member",
      owner: "none",
      query: taskList,
      versionOf: task,
    },
    {
      method: "GET",
      path: "/tasks/{taskId}/events",
      summary: "Show everything that happened to a task",
      access: "member",
      owner: "none",
      history: task,
    },
    {
      method: "GET",
      path: "/openapi.json",
      summary: "Read this API as an OpenAPI document",
      access: "public",
      document: "openapi",
    },
    { method: "GET", path: "/docs", summary: "Read this API as a page", access: "public", document: "page" },
    {
      method: "GET",
      path: "/health",
      summary: "Check that the API can read its data",
      access: "public",
      document: "health",
    },
  ],
};
