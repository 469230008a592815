/** The application: the one value that is deployed, run and documented. Name each part and each route here. */
import type { Application } from "eventfold";
import type { Mailer } from "eventfold/ports/mailer";
import { notifyAssignee } from "./notify-assignee.ts";
import { addTask, completeTask, task } from "./task.ts";
import { taskList } from "./task-list.ts";

export type Services = { readonly mailer: Mailer };

export const application: Application<Services> = {
  name: "new-application",
  version: "0.1.0",
  deciders: [task],
  projections: [taskList],
  effects: [notifyAssignee],
  sagas: [],
  routes: [
    { method: "POST", path: "/tasks", access: "customer", command: addTask, location: "/tasks/{taskId}" },
    {
      method: "POST",
      path: "/tasks/{taskId}/completion",
      access: "customer",
      command: completeTask,
      location: "/tasks/{taskId}",
    },
    { method: "GET", path: "/tasks", access: "customer", list: taskList, indexes: ["byStatus", "newest"] },
    { method: "GET", path: "/tasks/{taskId}", access: "customer", query: taskList, versionOf: task },
    { method: "GET", path: "/tasks/{taskId}/events", access: "customer", history: task },
    { method: "GET", path: "/openapi.json", access: "public", document: "openapi" },
    { method: "GET", path: "/docs", access: "public", document: "page" },
    { method: "GET", path: "/health", access: "public", document: "health" },
  ],
};
