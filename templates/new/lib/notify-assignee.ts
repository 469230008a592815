/** The effect of a new task: an e-mail to its assignee. It runs after the event is stored. */
import { type Effect, escaped } from "eventfold";
import type { Mailer } from "eventfold/ports/mailer";
import { taskAdded } from "./task.ts";

export const notifyAssignee: Effect<typeof taskAdded, { readonly mailer: Mailer }> = {
  name: "notify-assignee",
  on: taskAdded,
  answers: [],
  uses: { mailer: true },
  perform: async ({ data: { title, assignee } }, { idempotencyKey, services }) => {
    await services.mailer.send({
      key: idempotencyKey,
      to: assignee,
      subject: "A task for you",
      text: title,
      html: `<p>${escaped(title)}</p>`,
    });
    return undefined;
  },
};
