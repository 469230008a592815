/**
 * Checks the values of expressions in fields that require a certain type. Each function throws if the value has another
 * type.
 */
import { EvaluationFailure } from "../language/failure.ts";

const wrongType = (field: string, expected: string, value: unknown) =>
  new EvaluationFailure(
    field,
    `The field '${field}' has an unexpected value. Expected ${expected}, but was: ${JSON.stringify(value)}`,
  );

export const booleanIn = (field: string, value: unknown): boolean => {
  if (typeof value === "boolean") return value;
  throw wrongType(field, "a boolean", value);
};

export const functionNameIn = (value: unknown): string => {
  if (typeof value === "string" && value !== "") return value;
  throw wrongType("Arguments/FunctionName", "a string", value);
};

export const secondsIn = (value: unknown): number => {
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw wrongType("TimeoutSeconds", "a positive integer", value);
};

/** Undefined if the state does not have the field. */
export const optionalTextIn = (field: string, value: unknown): string | undefined => {
  if (value === undefined || typeof value === "string") return value;
  throw wrongType(field, "a string", value);
};
