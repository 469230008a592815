/**
 * The idempotency keys, an item per key of a caller:
 *
 *     pk           hash of caller and key
 *     fingerprint  hash of the request; absent in a mark that was removed
 *     commandId    of the first attempt
 *     issuedAt     of the first attempt
 *     actor        of the first attempt, until it is answered
 *     owner        the attempt that holds the lease, until it is answered
 *     lease        when the lease ends, milliseconds since 1970, until it is answered
 *     answer       JSON text: status, headers, body
 *     expires      epoch seconds; DynamoDB deletes the item later, so every write checks the time
 *
 * Each change is one conditional PutItem of the whole item, and PutItem is the only right that it needs. The item that
 * a condition refuses comes back with the failure, without a read. A retry of the SDK after a lost response meets its
 * own mark and knows it by the owner.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Begun, IdempotencyKeys, Mark } from "../../ports/idempotency-keys.ts";
import { type Item, jsonOf, numberOf, textOf } from "./attributes.ts";

const answerSchema = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1000);

const toItem = ({ id, fingerprint, first, expires }: Mark): Item => ({
  pk: { S: id },
  fingerprint: { S: fingerprint },
  commandId: { S: first.commandId },
  issuedAt: { S: first.issuedAt },
  expires: { N: `${secondsOf(expires)}` },
});

const leased = (mark: Mark, until: number): Item => ({
  ...toItem(mark),
  owner: { S: mark.owner },
  lease: { N: `${until}` },
  ...(mark.first.actor !== undefined && { actor: { S: mark.first.actor } }),
});

/** What the first attempt wrote, with this attempt as the owner. */
const takenBy = ({ id, fingerprint, owner }: Mark, item: Item): Mark => ({
  id,
  fingerprint,
  owner,
  first: {
    commandId: textOf(item, "commandId"),
    issuedAt: textOf(item, "issuedAt"),
    ...(item.actor && { actor: textOf(item, "actor") }),
  },
  expires: new Date(numberOf(item, "expires") * 1000),
});

const isOwnedBy = ({ owner }: Mark, item: Item): boolean => item.owner?.S === owner;

export const dynamoIdempotencyKeys = (client: DynamoDBClient, table: string): IdempotencyKeys => {
  /** Answers the item that refuses the condition, if one does. */
  const put = async (
    item: Item,
    condition: string,
    values: Item,
    names?: Readonly<Record<string, string>>,
  ): Promise<Item | undefined> => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: item,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
          ...(names && { ExpressionAttributeNames: names }),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item ?? {};
    }
  };

  /** `owner` is a reserved word. */
  const putIfOwnedBy = (owner: string, item: Item): Promise<Item | undefined> =>
    put(item, "#owner = :owner", { ":owner": { S: owner } }, { "#owner": "owner" });

  const takeOver = async (mark: Mark, known: Item, leaseUntil: number): Promise<Begun> => {
    const taken = takenBy(mark, known);
    const faster = await putIfOwnedBy(textOf(known, "owner"), leased(taken, leaseUntil));
    return !faster || isOwnedBy(mark, faster)
      ? { kind: "retry", mark: taken }
      : { kind: "busy", until: new Date(leaseUntil) };
  };

  return {
    begin: async (mark, now, leaseSeconds) => {
      const leaseUntil = now.getTime() + leaseSeconds * 1000;
      const known = await put(
        leased(mark, leaseUntil),
        "attribute_not_exists(fingerprint) OR expires <= :now",
        { ":now": { N: `${secondsOf(now)}` } },
      );
      if (!known) return { kind: "first", mark };
      if (textOf(known, "fingerprint") !== mark.fingerprint) return { kind: "other" };
      if (known.answer) return { kind: "answered", answer: jsonOf(known, "answer", answerSchema) };
      if (isOwnedBy(mark, known)) return { kind: "retry", mark: takenBy(mark, known) };
      const until = numberOf(known, "lease");
      if (until > now.getTime()) return { kind: "busy", until: new Date(until) };
      return takeOver(mark, known, leaseUntil);
    },
    answer: async (mark, { status, headers, body }) => {
      const answer = { S: JSON.stringify({ status, headers, body }) };
      return (await putIfOwnedBy(mark.owner, { ...toItem(mark), answer })) === undefined;
    },
    release: async (mark) => {
      await putIfOwnedBy(mark.owner, leased(mark, 0));
    },
    forget: async (mark) => {
      await putIfOwnedBy(mark.owner, { pk: { S: mark.id }, expires: { N: `${secondsOf(mark.expires)}` } });
    },
  };
};
