/**
 * The conditions of policy statements that are evaluated here. Other operators and keys are refused when the template
 * is read, so that no statement grants more or less than it does on AWS.
 */
import { matchesWildcard } from "./wildcard.ts";

/** The values that are known about a call. If a key has no value, a condition on it is false. */
export type ConditionContext = {
  readonly "aws:SourceArn"?: string;
  readonly "aws:SourceAccount"?: string;
  readonly "aws:PrincipalArn"?: string;
  /** Calls within this machine count as encrypted. */
  readonly "aws:SecureTransport": "true";
};

export type Condition = {
  readonly operator: string;
  readonly key: keyof ConditionContext;
  readonly values: readonly string[];
};

type Test = (wanted: string, given: string) => boolean;

const isEqual: Test = (wanted, given) => wanted === given;

const operators: Readonly<Record<string, Test>> = {
  StringEquals: isEqual,
  StringLike: matchesWildcard,
  ArnEquals: matchesWildcard,
  ArnLike: matchesWildcard,
  Bool: isEqual,
};

const keys: Readonly<Record<string, keyof ConditionContext>> = {
  "aws:sourcearn": "aws:SourceArn",
  "aws:sourceaccount": "aws:SourceAccount",
  "aws:principalarn": "aws:PrincipalArn",
  "aws:securetransport": "aws:SecureTransport",
};

/** Condition keys are not case-sensitive. */
export const conditionOf = (operator: string, keyGiven: string, value: unknown): Condition => {
  if (!operators[operator]) throw new Error(`condition operator ${operator} is not evaluated here`);
  const key = keys[keyGiven.toLowerCase()];
  if (!key) throw new Error(`condition key ${keyGiven} is not evaluated here`);
  return { operator, key, values: [value].flat().map(String) };
};

export const isMet = ({ operator, key, values }: Condition, context: ConditionContext): boolean => {
  const given = context[key];
  const test = operators[operator];
  return given !== undefined && test !== undefined && values.some((wanted) => test(wanted, given));
};
