/**
 * Brings a message that failed back after a wait that grows with each time, and not only after the time-out of
 * its queue. Where that does not work it comes back all the same, only later.
 */
import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Random } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { queueUrlOf } from "./queue-url.ts";

export type BackoffPorts = { readonly client: SQSClient; readonly random: Random; readonly log: Log };

type Failed = {
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly queueArn: string;
};

const secondsMax = 300;

/** Between half of it and all of it, so that those that failed together do not come back together. */
const waitSeconds = (receiveCount: number, random: Random): number =>
  Math.ceil(Math.min(2 ** (receiveCount - 1), secondsMax) * (0.5 + random() / 2));

export const backOff = async (
  { client, random, log }: BackoffPorts,
  { receiptHandle, receiveCount, queueArn }: Failed,
): Promise<void> => {
  try {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrlOf(queueArn),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: waitSeconds(receiveCount, random),
      }),
    );
  } catch (error) {
    log.write({ kind: "problem", message: `a message of ${queueArn} comes back later: ${error}`, error });
  }
};
