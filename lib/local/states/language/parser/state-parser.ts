/** Parses a state of a definition. To support another type, add its fields and a case. */
import type { Choice, State } from "../definition.ts";
import { type Fields, fieldsOf, filled, listOf, refuse, stringOf } from "../fields.ts";
import type { Compile } from "../jsonata.ts";
import { exitOf, nextOf, type ParseContext } from "./exit-parser.ts";
import { parseTask } from "./task-parser.ts";

const everyState = ["Type", "Comment", "QueryLanguage"];
const exit = ["Next", "End", "Output", "Assign"];

/** The supported fields of each type of state. */
const fieldsByType: Readonly<Record<State["type"], readonly string[]>> = {
  Task: [...everyState, ...exit, "Resource", "Arguments", "TimeoutSeconds", "Retry", "Catch"],
  Pass: [...everyState, ...exit],
  Choice: [...everyState, "Choices", "Default"],
  Succeed: [...everyState, "Output"],
  Fail: [...everyState, "Error", "Cause"],
};

/** `language` is the query language of the whole definition. */
export const parseState = (value: unknown, language: unknown, { place, compile }: ParseContext): State => {
  const { Type: type, QueryLanguage: own = language } = fieldsOf(value, place);
  if (own !== "JSONata") refuse(place, { QueryLanguage: own });
  if (!isRun(type)) return refuse(place, { Type: type });
  const fields = fieldsOf(value, place, fieldsByType[type]);
  const context: ParseContext = { place, compile: within(compile, place) };
  switch (type) {
    case "Task":
      return parseTask(fields, context);
    case "Choice":
      return parseChoice(fields, context);
    case "Pass":
      return { type, ...exitOf(fields, context), next: nextOf(fields, place) };
    case "Succeed":
      return { type, ...exitOf(fields, context) };
    case "Fail":
      return {
        type,
        error: filled(fields.Error, (error) => context.compile(error, "Error")),
        cause: filled(fields.Cause, (cause) => context.compile(cause, "Cause")),
      };
  }
};

const isRun = (type: unknown): type is State["type"] =>
  typeof type === "string" && Object.hasOwn(fieldsByType, type);

/** Adds the place to the error of an expression that does not compile. */
const within =
  (compile: Compile, place: string): Compile =>
  (value, field) => {
    try {
      return compile(value, field);
    } catch (error) {
      throw new Error(`${place}: ${field}: ${error instanceof Error ? error.message : error}`);
    }
  };

/**
 * AWS allows a Choice without a Default. Here it is required, because otherwise an execution may find no next state.
 */
const parseChoice = (fields: Fields, { place, compile }: ParseContext): Choice => {
  const choices = listOf(fields, "Choices", place).map((value, index) => {
    const at = `${place}, Choices[${index}]`;
    const choice = fieldsOf(value, at, ["Comment", "Condition", "Next"]);
    const condition = choice.Condition ?? refuse(at, { Condition: undefined });
    return {
      condition: compile(condition, `Choices[${index}]/Condition`),
      next: stringOf(choice, "Next", at),
    };
  });
  if (choices.length === 0) refuse(place, { Choices: fields.Choices }, "expected at least one choice");
  return { type: "Choice", choices, otherwise: stringOf(fields, "Default", place) };
};
