/**
 * Redelivers a failed message after a delay that grows with each attempt, instead of after the visibility timeout
 * of its queue. If this call fails, the message is still redelivered, only later.
 */
import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Random } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { queueUrlOf } from "./queue-url.ts";

/** The ports that a delay needs. */
export type BackoffPorts = { readonly client: SQSClient; readonly random: Random; readonly log: Log };

type Failed = {
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly queueArn: string;
  /** It waits for newer code. */
  readonly waits: boolean;
};

const secondsMax = 300;

/** Between half of the delay and the full delay, so that messages that failed together do not return together. */
const secondsToRetry = (receiveCount: number, random: Random): number =>
  Math.ceil(Math.min(2 ** (receiveCount - 1), secondsMax) * (0.5 + random() / 2));

/**
 * The delays of a message that waits for newer code. Each delivery counts as an attempt, and a queue gives a message
 * up after at least five. After four of these delays the event is ten minutes old, so the handler decides about it
 * and gives the reason.
 */
const secondsOfWaits = [5, 65, 230, 300] as const;

/** The delay or up to a quarter more. */
const secondsToWait = (receiveCount: number, random: Random): number =>
  Math.ceil((secondsOfWaits[receiveCount - 1] ?? secondsMax) * (1 + random() / 4));

/** Delays the redelivery of a message that was not handled. */
export const backOff = async (
  { client, random, log }: BackoffPorts,
  { receiptHandle, receiveCount, queueArn, waits }: Failed,
): Promise<void> => {
  try {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrlOf(queueArn),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: (waits ? secondsToWait : secondsToRetry)(receiveCount, random),
      }),
    );
  } catch (error) {
    const message = `a failed message of ${queueArn} is retried only after its visibility timeout: ${error}`;
    log.write({ kind: "problem", message, error });
  }
};
