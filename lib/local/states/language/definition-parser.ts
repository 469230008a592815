/**
 * From the text of a definition to a state machine that runs. What it does not run it refuses when the
 * cloud starts, with the machine, the state, the field and the value.
 */
import type { Catcher, Choice, Definition, Exit, State } from "./definition.ts";
import { type Fields, fieldsOf, filled, listOf, numberIn, refuse, stringOf, stringsOf } from "./fields.ts";
import type { Compile } from "./jsonata.ts";
import type { Retrier } from "./retry.ts";

const invokeResource = "arn:aws:states:::lambda:invoke";

const everyState = ["Type", "Comment", "QueryLanguage"];
const onward = ["Next", "End", "Output", "Assign"];

/** The fields that run, by the type of the state. */
const fieldsByType: Readonly<Record<State["type"], readonly string[]>> = {
  Task: [...everyState, ...onward, "Resource", "Arguments", "TimeoutSeconds", "Retry", "Catch"],
  Pass: [...everyState, ...onward],
  Choice: [...everyState, "Choices", "Default"],
  Succeed: [...everyState, "Output"],
  Fail: [...everyState, "Error", "Cause"],
};

export const parseDefinition = (text: string, machine: string, compile: Compile): Definition => {
  const place = `state machine ${machine}`;
  const top = fieldsOf(json(text, place), place, [
    "Comment",
    "QueryLanguage",
    "StartAt",
    "States",
    "Version",
  ]);
  const language = top.QueryLanguage ?? "JSONPath";
  const states = new Map(
    Object.entries(fieldsOf(top.States, `${place}: States`)).map(([name, value]) => [
      name,
      parseState(value, `${place}, state ${name}`, compile, language),
    ]),
  );
  const startAt = stringOf(top, "StartAt", place);
  if (!states.has(startAt)) refuse(place, "StartAt", startAt, "there is no such state");
  for (const [name, state] of states)
    for (const next of targetsOf(state))
      if (!states.has(next)) refuse(`${place}, state ${name}`, "Next", next, "there is no such state");
  const definition = { startAt, states };
  refuseDeadEnds(definition, place);
  return definition;
};

const isTerminal = (state: State): boolean =>
  state.type === "Succeed" || state.type === "Fail" || (state.type !== "Choice" && state.next === undefined);

/** The names of the states that a walk from StartAt finds. */
const reachable = ({ startAt, states }: Definition): ReadonlySet<string> => {
  const found = new Set([startAt]);
  for (const name of found) {
    const state = states.get(name);
    for (const next of state ? targetsOf(state) : []) found.add(next);
  }
  return found;
};

/**
 * AWS refuses both when it creates the machine, with MISSING_END_STATE and MISSING_TRANSITION_TARGET. Public reports
 * quote its answers: localstack/localstack#11978, aws-cloudformation/cfn-lint#4073, floci-io/floci#2735.
 */
const refuseDeadEnds = (definition: Definition, place: string) => {
  const { states } = definition;
  if (![...states.values()].some(isTerminal))
    throw new Error(`${place}: no state ends an execution: expected End, Succeed or Fail`);
  const found = reachable(definition);
  for (const name of states.keys())
    if (!found.has(name))
      throw new Error(`${place}, state ${name}: it is not reachable from StartAt: lead to it or remove it`);
};

const json = (text: string, place: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${place}: the definition is no JSON: ${error}`);
  }
};

const targetsOf = (state: State): readonly string[] => {
  if (state.type === "Fail") return [];
  if (state.type === "Choice") return [...state.choices.map(({ next }) => next), state.otherwise];
  const exits = state.type === "Task" ? [state, ...state.catch] : [state];
  return exits.flatMap(({ next }) => (next === undefined ? [] : [next]));
};

const parseState = (value: unknown, place: string, compile: Compile, language: unknown): State => {
  const { Type: type, QueryLanguage: own = language } = fieldsOf(value, place);
  if (own !== "JSONata") refuse(place, "QueryLanguage", own);
  if (!isRun(type)) return refuse(place, "Type", type);
  const fields = fieldsOf(value, place, fieldsByType[type]);
  const compileIn = within(compile, place);
  switch (type) {
    case "Task":
      return parseTask(fields, place, compileIn);
    case "Choice":
      return parseChoice(fields, place, compileIn);
    case "Pass":
      return { type, ...exitOf(fields, place, compileIn), next: nextOf(fields, place) };
    case "Succeed":
      return { type, ...exitOf(fields, place, compileIn) };
    case "Fail":
      return {
        type,
        error: filled(fields.Error, (error) => compileIn(error, "Error")),
        cause: filled(fields.Cause, (cause) => compileIn(cause, "Cause")),
      };
  }
};

const isRun = (type: unknown): type is State["type"] =>
  typeof type === "string" && Object.hasOwn(fieldsByType, type);

/** Names the place of an expression that does not compile. */
const within =
  (compile: Compile, place: string): Compile =>
  (value, field) => {
    try {
      return compile(value, field);
    } catch (error) {
      throw new Error(`${place}: ${field}: ${error instanceof Error ? error.message : error}`);
    }
  };

const parseTask = (fields: Fields, place: string, compile: Compile): State => {
  const resource = fields.Resource;
  if (resource !== invokeResource && resource !== `${invokeResource}.waitForTaskToken`)
    refuse(place, "Resource", resource);
  const { FunctionName: functionName, Payload: payload = {} } = fieldsOf(
    fields.Arguments,
    `${place}: Arguments`,
    ["FunctionName", "Payload"],
  );
  if (typeof functionName !== "string") refuse(place, "Arguments/FunctionName", functionName);
  return {
    type: "Task",
    waitsForToken: resource !== invokeResource,
    functionName: compile(functionName, "Arguments/FunctionName"),
    payload: compile(payload, "Arguments/Payload"),
    timeoutSeconds: filled(fields.TimeoutSeconds, (timeout) => {
      if (typeof timeout !== "string")
        numberIn(fields, "TimeoutSeconds", place, { from: 1, to: 99_999_999, otherwise: 1 });
      return compile(timeout, "TimeoutSeconds");
    }),
    retry: handlersOf(fields, "Retry", place, parseRetrier),
    catch: handlersOf(fields, "Catch", place, (catcher, at, index) =>
      parseCatcher(catcher, at, compile, `Catch[${index}]/`),
    ),
    ...exitOf(fields, place, compile),
    next: nextOf(fields, place),
  };
};

/** What AWS lets out, a Default, is wanted here: an execution that nothing leads on would fail. */
const parseChoice = (fields: Fields, place: string, compile: Compile): Choice => {
  const choices = listOf(fields, "Choices", place).map((value, index) => {
    const at = `${place}, Choices[${index}]`;
    const choice = fieldsOf(value, at, ["Comment", "Condition", "Next"]);
    const condition = compile(
      choice.Condition ?? refuse(at, "Condition", undefined),
      `Choices[${index}]/Condition`,
    );
    return { condition, next: stringOf(choice, "Next", at) };
  });
  if (choices.length === 0) refuse(place, "Choices", fields.Choices, "there is nothing to choose");
  return { type: "Choice", choices, otherwise: stringOf(fields, "Default", place) };
};

const exitOf = (fields: Fields, place: string, compile: Compile, prefix = ""): Exit => ({
  output: filled(fields.Output, (output) => compile(output, `${prefix}Output`)),
  assign: filled(fields.Assign, (assign) => {
    const names = Object.keys(fieldsOf(assign, `${place}: Assign`));
    const wrong = names.find((name) => name === "states" || !/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(name));
    if (wrong !== undefined) refuse(place, "Assign", wrong, "this is no name for a variable");
    return compile(assign, `${prefix}Assign`);
  }),
});

const nextOf = (fields: Fields, place: string): string | undefined => {
  if (fields.End === true && fields.Next === undefined) return undefined;
  if (fields.End !== undefined && fields.End !== false)
    refuse(place, "End", fields.End, "a state has either Next or End");
  return stringOf(fields, "Next", place);
};

/** Retriers and catchers: States.ALL stands alone and last. */
const handlersOf = <Handler extends { readonly errorEquals: readonly string[] }>(
  fields: Fields,
  field: "Retry" | "Catch",
  place: string,
  parse: (value: unknown, place: string, index: number) => Handler,
): readonly Handler[] => {
  const handlers = listOf(fields, field, place).map((value, index) =>
    parse(value, `${place}, ${field}[${index}]`, index),
  );
  for (const [index, { errorEquals }] of handlers.entries())
    if (errorEquals.includes("States.ALL") && (errorEquals.length > 1 || index < handlers.length - 1))
      refuse(`${place}, ${field}[${index}]`, "ErrorEquals", errorEquals, "States.ALL stands alone and last");
  return handlers;
};

const parseRetrier = (value: unknown, place: string): Retrier => {
  const fields = fieldsOf(value, place, [
    "Comment",
    "ErrorEquals",
    "IntervalSeconds",
    "BackoffRate",
    "MaxAttempts",
    "MaxDelaySeconds",
    "JitterStrategy",
  ]);
  const jitter = fields.JitterStrategy ?? "NONE";
  if (jitter !== "FULL" && jitter !== "NONE") return refuse(place, "JitterStrategy", jitter);
  const intervalSeconds = numberIn(fields, "IntervalSeconds", place, {
    from: 1,
    to: 99_999_999,
    otherwise: 1,
  });
  return {
    errorEquals: stringsOf(fields, "ErrorEquals", place),
    intervalSeconds,
    backoffRate: numberIn(fields, "BackoffRate", place, { from: 1, to: 1000, otherwise: 2, fractions: true }),
    maxAttempts: numberIn(fields, "MaxAttempts", place, { from: 0, to: 99_999_999, otherwise: 3 }),
    maxDelaySeconds: numberIn(fields, "MaxDelaySeconds", place, {
      from: intervalSeconds + 1,
      to: 31_622_399,
      otherwise: Number.POSITIVE_INFINITY,
    }),
    jitter,
  };
};

const parseCatcher = (value: unknown, place: string, compile: Compile, prefix: string): Catcher => {
  const fields = fieldsOf(value, place, ["Comment", "ErrorEquals", "Next", "Assign", "Output"]);
  return {
    errorEquals: stringsOf(fields, "ErrorEquals", place),
    ...exitOf(fields, place, compile, prefix),
    next: stringOf(fields, "Next", place),
  };
};
