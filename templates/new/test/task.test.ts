/** The tests: the decider alone, with events before a command, and the whole application in this process. */
import { decide, fold } from "eventfold";
import { memoryMailer } from "eventfold/adapters/memory/mailer";
import { inOneProcess } from "eventfold/testing";
import { expect, test } from "vitest";
import { application } from "../lib/application.ts";
import { addTask, completeTask, task } from "../lib/task.ts";

const data = { taskId: "1", title: "Water the plants", assignee: "ada@example.com" };
const added = { type: "TaskAdded", data };
const completed = { type: "TaskCompleted", data: { taskId: "1" } };

test.each([
  ["a new task is added", [], addTask(data), [added]],
  ["a task cannot be added twice", [added], addTask(data), { rejected: "already-added" }],
  ["an open task is completed", [added], completeTask({ taskId: "1" }), [completed]],
  ["a completed task stays completed", [added, completed], completeTask({ taskId: "1" }), []],
  ["an unknown task cannot be completed", [], completeTask({ taskId: "1" }), { rejected: "unknown-task" }],
])("%s", (_, given, when, then) => {
  expect(decide(task, when, fold(task, given), { now: new Date(0) })).toMatchObject(then);
});

test("a new task is in the list, and its assignee gets an e-mail", async () => {
  const mailer = memoryMailer();
  const { send, idle, row } = inOneProcess(application, { mailer });
  await send(addTask(data));
  await idle();
  expect(await row("task-list", "1")).toMatchObject({ title: data.title, status: "open" });
  expect(mailer.sent()).toMatchObject([{ to: data.assignee, text: data.title }]);
});
