/**
 * The idempotency keys, one item per key of a caller:
 *
 *     pk           hash of caller and key
 *     fingerprint  hash of the request; absent in a mark that was removed
 *     commandId    of the first attempt
 *     issuedAt     of the first attempt
 *     actor        of the first attempt, until it is answered
 *     owner        the attempt that holds the lease, until it is answered
 *     lease        end of the lease, milliseconds since 1970, until it is answered
 *     answer       JSON text: status, headers, body
 *     expires      epoch seconds; DynamoDB deletes the item later, so every write checks the time
 *
 * Each change is one conditional PutItem of the whole item, so PutItem is the only permission needed. If the
 * condition fails, the failure returns the existing item without a read. If the SDK retries after a lost response,
 * it finds its own mark and recognises it by the owner.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Begun, IdempotencyKeys, Mark } from "../../ports/idempotency-keys.ts";
import { type Item, jsonIn, numberOf, textOf } from "./attributes.ts";

const answerOf = jsonIn(
  "answer",
  z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() }),
);

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

/** The mark of the first attempt, with this attempt as its owner. */
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

type Condition = Pick<
  PutItemCommandInput,
  "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

const isOwnedBy = ({ owner }: Mark, item: Item): boolean => item.owner?.S === owner;

/** The idempotency keys in a table. */
export const dynamoIdempotencyKeys = (client: DynamoDBClient, table: string): IdempotencyKeys => {
  /** Returns the existing item if the condition fails. */
  const put = async (item: Item, condition: Condition): Promise<Item | undefined> => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: item,
          ...condition,
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
    put(item, {
      ConditionExpression: "#owner = :owner",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: { ":owner": { S: owner } },
    });

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
      const known = await put(leased(mark, leaseUntil), {
        ConditionExpression: "attribute_not_exists(fingerprint) OR expires <= :now",
        ExpressionAttributeValues: { ":now": { N: `${secondsOf(now)}` } },
      });
      if (!known) return { kind: "first", mark };
      if (textOf(known, "fingerprint") !== mark.fingerprint) return { kind: "other" };
      if (known.answer) return { kind: "answered", answer: answerOf(known) };
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
