/** The actions, and the tables, indexes and streams, that a DynamoDB call needs rights for. */
import type { Input, Requirement } from "../service/service.ts";

export type ArnOf = (table: string) => string;

/** The name of a table. Calls give either the name or the ARN. */
export const tableNameOf = (nameOrArn: unknown): string => {
  const text = String(nameOrArn);
  return text.startsWith("arn:") ? (text.split("/")[1] ?? text) : text;
};

const membersOf = (value: unknown): [string, unknown][] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];

const distinct = (requirements: readonly Requirement[]): readonly Requirement[] => [
  ...new Map(requirements.map((each) => [`${each.action} ${each.resource}`, each])).values(),
];

export const ofTable =
  (action: string, arnOf: ArnOf) =>
  ({ TableName, IndexName }: Input): readonly Requirement[] => {
    const table = arnOf(tableNameOf(TableName));
    const resource = IndexName === undefined ? table : `${table}/index/${IndexName}`;
    return [{ action: `dynamodb:${action}`, resource }];
  };

export const ofBatch =
  (action: string, arnOf: ArnOf) =>
  ({ RequestItems }: Input): readonly Requirement[] =>
    distinct(
      membersOf(RequestItems).map(([table]) => ({
        action: `dynamodb:${action}`,
        resource: arnOf(tableNameOf(table)),
      })),
    );

const actionsOfMembers: Readonly<Record<string, string>> = {
  Get: "dynamodb:GetItem",
  Put: "dynamodb:PutItem",
  Update: "dynamodb:UpdateItem",
  Delete: "dynamodb:DeleteItem",
  ConditionCheck: "dynamodb:ConditionCheckItem",
};

/** A transaction needs the rights that each of its members would need alone. */
export const ofTransaction =
  (arnOf: ArnOf) =>
  ({ TransactItems }: Input): readonly Requirement[] =>
    distinct(
      [TransactItems].flat().flatMap((item) =>
        membersOf(item).flatMap(([member, operation]) => {
          const action = actionsOfMembers[member];
          const table = membersOf(operation).find(([name]) => name === "TableName");
          return action && table ? [{ action, resource: arnOf(tableNameOf(table[1])) }] : [];
        }),
      ),
    );
