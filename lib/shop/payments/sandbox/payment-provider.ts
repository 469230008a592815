/**
 * A payment provider for development. Its test cards determine its answers. The item of a key:
 *
 *     pk             the key
 *     status         trying, authorized or declined; released, from any of these
 *     amount         in minor units
 *     attempts       the number of requests, for a card that does not answer at first
 *     authorization  the reference, if authorized
 *     because        the reason, if declined
 *
 * An answer is written once and never changes, so the same key gets the same answer. A key that is released before it
 * has an answer never gets one that holds money.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Sleep } from "../../../ports/clock.ts";
import type { Authorization, AuthorizationRequest, PaymentProvider } from "../payment-provider.ts";
import { answerOf, calledOff, testCard } from "../test-cards.ts";

type Item = Readonly<Record<string, AttributeValue>>;

const answered = ({ authorization, because, status }: Item): Authorization | undefined => {
  if (authorization?.S) return { kind: "authorized", authorization: authorization.S };
  if (because?.S) return { kind: "declined", because: because.S };
  return status?.S === "released" ? calledOff : undefined;
};

/**
 * The name of the table is read when it is used, because a function that does not use the provider does not have
 * it.
 */
export const sandboxPaymentProvider = (
  client: DynamoDBClient,
  table: () => string,
  sleep: Sleep,
): PaymentProvider => {
  const update = async (key: string, change: Partial<UpdateItemCommandInput>): Promise<Item> => {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: table(),
        Key: { pk: { S: key } },
        ExpressionAttributeNames: { "#status": "status" },
        ReturnValues: "ALL_NEW",
        ...change,
      }),
    );
    return Attributes;
  };

  const ask = ({ key, amount }: AuthorizationRequest): Promise<Item> =>
    update(key, {
      UpdateExpression:
        "SET #status = if_not_exists(#status, :trying), amount = if_not_exists(amount, :amount) ADD attempts :one",
      ExpressionAttributeValues: {
        ":trying": { S: "trying" },
        ":amount": { N: `${amount}` },
        ":one": { N: "1" },
      },
    });

  /** Stores the answer, unless another request stored one first, which is then the answer. */
  const store = async ({ key, amount }: AuthorizationRequest, answer: Authorization): Promise<Item> => {
    const [name, value] =
      answer.kind === "authorized"
        ? (["authorization", answer.authorization] as const)
        : (["because", answer.because] as const);
    try {
      return await update(key, {
        UpdateExpression: "SET #status = :status, #answer = :answer, amount = if_not_exists(amount, :amount)",
        // `status` and `authorization` are reserved words.
        ExpressionAttributeNames: { "#status": "status", "#answer": name },
        ConditionExpression: "attribute_not_exists(#status) OR #status = :trying",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        ExpressionAttributeValues: {
          ":status": { S: answer.kind },
          ":answer": { S: value },
          ":amount": { N: `${amount}` },
          ":trying": { S: "trying" },
        },
      });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item ?? {};
    }
  };

  return {
    authorize: async (request) => {
      const { key, paymentMethod } = request;
      const card = testCard(paymentMethod);
      if (card.failures > 0) {
        const asked = await ask(request);
        const before = answered(asked);
        if (before) return before;
        if (Number(asked.attempts?.N) <= card.failures) {
          await sleep(card.silenceMilliseconds ?? 0);
          throw new Error(`time-out: the payment provider did not answer for ${key}`);
        }
      }
      const answer = answered(await store(request, answerOf(card, key)));
      if (!answer) throw new Error(`payment ${key}: expected the answer that was stored, got none`);
      return answer;
    },
    release: async ({ authorizedBy }) => {
      await update(authorizedBy, {
        UpdateExpression: "SET #status = :released",
        ExpressionAttributeValues: { ":released": { S: "released" } },
      });
    },
  };
};
