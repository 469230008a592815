/** Parses a Task state: its function, its retriers and its catchers. */
import type { Catcher, State } from "../definition.ts";
import { type Fields, fieldsOf, filled, listOf, numberIn, refuse, stringOf, stringsOf } from "../fields.ts";
import type { Retrier } from "../retry.ts";
import { exitOf, nextOf, type ParseContext } from "./exit-parser.ts";

const invokeResource = "arn:aws:states:::lambda:invoke";
const secondsMax = 99_999_999;

export const parseTask = (fields: Fields, context: ParseContext): State => {
  const { place, compile } = context;
  const resource = fields.Resource;
  if (resource !== invokeResource && resource !== `${invokeResource}.waitForTaskToken`)
    refuse(place, { Resource: resource });
  const known = ["FunctionName", "Payload"];
  const { FunctionName, Payload = {} } = fieldsOf(fields.Arguments, `${place}: Arguments`, known);
  if (typeof FunctionName !== "string") refuse(place, { "Arguments/FunctionName": FunctionName });
  return {
    type: "Task",
    waitsForToken: resource !== invokeResource,
    functionName: compile(FunctionName, "Arguments/FunctionName"),
    payload: compile(Payload, "Arguments/Payload"),
    timeoutSeconds: filled(fields.TimeoutSeconds, (timeout) => {
      if (typeof timeout !== "string")
        numberIn(fields, place, { field: "TimeoutSeconds", from: 1, to: secondsMax, otherwise: 1 });
      return compile(timeout, "TimeoutSeconds");
    }),
    retry: allLast("Retry", place, retriersOf(fields, place)),
    catch: allLast("Catch", place, catchersOf(fields, context)),
    ...exitOf(fields, context),
    next: nextOf(fields, place),
  };
};

/** Returns the handlers. States.ALL must be the only error of the last handler. */
const allLast = <Handler extends { readonly errorEquals: readonly string[] }>(
  field: "Retry" | "Catch",
  place: string,
  handlers: readonly Handler[],
): readonly Handler[] => {
  for (const [index, { errorEquals }] of handlers.entries())
    if (errorEquals.includes("States.ALL") && (errorEquals.length > 1 || index < handlers.length - 1))
      refuse(
        `${place}, ${field}[${index}]`,
        { ErrorEquals: errorEquals },
        "expected States.ALL alone, in the last entry",
      );
  return handlers;
};

const retrierFields = [
  "Comment",
  "ErrorEquals",
  "IntervalSeconds",
  "BackoffRate",
  "MaxAttempts",
  "MaxDelaySeconds",
  "JitterStrategy",
];

const retriersOf = (task: Fields, place: string): readonly Retrier[] =>
  listOf(task, "Retry", place).map((value, index) => parseRetrier(value, `${place}, Retry[${index}]`));

const parseRetrier = (value: unknown, place: string): Retrier => {
  const fields = fieldsOf(value, place, retrierFields);
  const jitter = fields.JitterStrategy ?? "NONE";
  if (jitter !== "FULL" && jitter !== "NONE") return refuse(place, { JitterStrategy: jitter });
  const number = (
    field: string,
    from: number,
    range: { to: number; otherwise: number; fractions?: boolean },
  ) => numberIn(fields, place, { field, from, ...range });
  const intervalSeconds = number("IntervalSeconds", 1, { to: secondsMax, otherwise: 1 });
  return {
    errorEquals: stringsOf(fields, "ErrorEquals", place),
    intervalSeconds,
    backoffRate: number("BackoffRate", 1, { to: 1000, otherwise: 2, fractions: true }),
    maxAttempts: number("MaxAttempts", 0, { to: secondsMax, otherwise: 3 }),
    maxDelaySeconds: number("MaxDelaySeconds", intervalSeconds + 1, {
      to: 31_622_399,
      otherwise: Number.POSITIVE_INFINITY,
    }),
    jitter,
  };
};

const catchersOf = (task: Fields, { place, compile }: ParseContext): readonly Catcher[] =>
  listOf(task, "Catch", place).map((value, index) => {
    const context: ParseContext = { place: `${place}, Catch[${index}]`, compile };
    const known = ["Comment", "ErrorEquals", "Next", "Assign", "Output"];
    const fields = fieldsOf(value, context.place, known);
    return {
      errorEquals: stringsOf(fields, "ErrorEquals", context.place),
      ...exitOf(fields, context, `Catch[${index}]/`),
      next: stringOf(fields, "Next", context.place),
    };
  });
