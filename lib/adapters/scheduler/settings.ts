/** The schedule group and the queue for deadlines, from the environment. Throws if a variable is missing. */
import { variable } from "../../ports/settings.ts";
import type { SchedulerSettings } from "./deadlines.ts";

/** The environment variables. */
export const variables = {
  group: "DEADLINES_GROUP",
  role: "DEADLINES_ROLE_ARN",
  queue: "DEADLINES_QUEUE_ARN",
  deadLetters: "DEADLINES_DEAD_LETTERS_ARN",
  attemptsMax: "DEADLINES_ATTEMPTS_MAX",
  ageSecondsMax: "DEADLINES_AGE_SECONDS_MAX",
} as const;

/** The settings of deadlines. */
export const deadlineSettings = (): SchedulerSettings => ({
  groupName: variable(variables.group),
  roleArn: variable(variables.role),
  queueArn: variable(variables.queue),
  deadLettersArn: variable(variables.deadLetters),
  retry: {
    attemptsMax: Number(variable(variables.attemptsMax)),
    ageSecondsMax: Number(variable(variables.ageSecondsMax)),
  },
});
