/**
 * The output of a function goes to its log group, if its role has the right. Each line is reported. The fields of a
 * line that is a JSON object are reported separately. The text of any other line is the message. With the JSON log format,
 * lines below the level of the function are dropped.
 */
import type { Caller, Cloud } from "../../service/service.ts";
import type { FunctionSettings } from "../settings.ts";
import { isKept } from "./log-filter.ts";
import type { Line } from "./thread.ts";

type Output = {
  readonly write: (line: Line) => void;
  /** Call this before each invocation: the right to write is checked once per invocation. */
  readonly nextInvocation: () => void;
};

const lineLengthMax = 256 * 1024;

type Fields = Readonly<Record<string, unknown>>;

const fieldsIn = (text: string): Fields | undefined => {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Metrics, which have a field `_aws`, use the level only to pass the filter of Lambda. */
const isProblem = (fields: Fields) => /^(error|fatal)$/i.test(String(fields.level)) && !("_aws" in fields);

/** The output of one environment. Its log stream is created before the first line. */
export const output = (
  cloud: Cloud,
  { id, logGroup, logLevel }: FunctionSettings,
  caller: Caller,
): Output => {
  const resource = `arn:aws:logs:${cloud.region}:${cloud.account}:log-group:${logGroup}:log-stream:*`;
  let streamIs: "unmade" | "made" | "refused" = "unmade";
  let mayWrite: boolean | undefined;

  const isAllowed = (action: string): boolean => {
    try {
      cloud.authorize(caller, { action, resource });
      return true;
    } catch {
      return false;
    }
  };

  return {
    write: ({ stream, text }) => {
      if (streamIs === "unmade") streamIs = isAllowed("logs:CreateLogStream") ? "made" : "refused";
      if (streamIs === "refused") return;
      mayWrite ??= isAllowed("logs:PutLogEvents");
      if (!mayWrite) return;
      const line = text.slice(0, lineLengthMax);
      const fields = fieldsIn(line);
      if (!isKept(fields, logLevel)) return;
      const hasProblem = fields ? isProblem(fields) : stream === "stderr";
      const message = typeof fields?.message === "string" ? fields.message : line;
      cloud.report({
        source: id,
        level: hasProblem ? "problem" : "info",
        message,
        ...(fields && { fields }),
      });
    },
    nextInvocation: () => {
      mayWrite = undefined;
    },
  };
};
