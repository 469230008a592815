/** The live log: one line per event, command, step, effect, e-mail and problem. */

import type { Report } from "../../lib/local/service/service.ts";
import { machineErrors } from "../../lib/model/sagas/machine-task.ts";

const colors = {
  request: 36,
  command: 34,
  event: 32,
  step: 35,
  saga: 35,
  effect: 33,
  mail: 33,
  problem: 31,
  note: 90,
} as const;

type Kind = keyof typeof colors;

const isKind = (text: unknown): text is Kind => typeof text === "string" && Object.hasOwn(colors, text);

/** A function signals these results to a state machine as errors. They are not failures. Their messages name the saga. */
const answers: Readonly<Record<string, string>> = {
  [machineErrors.stepFailed]: "compensates",
  [machineErrors.parked]: "parks, until an operator resumes it",
  [machineErrors.retryable]: "retries",
};

const answerIn = ({ fields }: Report): string | undefined => {
  const error = fields?.errorType;
  return typeof error === "string" && Object.hasOwn(answers, error) ? answers[error] : undefined;
};

const kindOf = (report: Report): Kind => {
  const { level, source, fields } = report;
  if (isKind(fields?.kind)) return fields.kind;
  if (answerIn(report) !== undefined) return "step";
  if (level === "problem") return "problem";
  return source === "ses" ? "mail" : "note";
};

type Screen = { readonly isTTY?: boolean; readonly write: (text: string) => unknown };

/** Lines that contain only metrics are not shown. */
const isForPeople = ({ fields }: Report): boolean => fields === undefined || !("_aws" in fields);

const failed = /^the function failed: \w+: /;

const textOf = (report: Report): string => {
  const answer = answerIn(report);
  const { message } = report;
  const text = answer === undefined ? message : `${answer}: ${message.replace(failed, "")}`;
  return text.replaceAll(/[\r\n]+/g, " ");
};

export const liveLog = (screen: Screen) => (report: Report) => {
  if (!isForPeople(report)) return;
  const kind = kindOf(report);
  const time = new Date(report.at).toISOString().slice(11, 23);
  const name = kind.padEnd(8);
  screen.write(
    `${time} ${screen.isTTY ? `\u001b[${colors[kind]}m${name}\u001b[0m` : name} ${textOf(report)}\n`,
  );
};
