/** The permissions to list the dead letters of a queue, to redrive them, and to continue a saga. */
import type { ContinueAccess, DeadLetterAccess } from "../../constructs/ports.ts";
import { queueVariable } from "./settings.ts";

/** The environment and the permissions for one queue. */
export const sqsResources: DeadLetterAccess = (handler, { queueUrl, queueArn, deadLettersArn }) => ({
  environment: { [queueVariable(handler)]: queueUrl },
  statements: [
    { actions: ["sqs:GetQueueAttributes", "sqs:SendMessage"], resources: [queueArn] },
    {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
      resources: [deadLettersArn],
    },
  ],
});

/** The environment and the permission to send to the queue of a choreography. */
export const sqsContinueResources: ContinueAccess = (saga, { queueUrl, queueArn }) => ({
  environment: { [queueVariable(saga)]: queueUrl },
  statements: [{ actions: ["sqs:SendMessage"], resources: [queueArn] }],
});
