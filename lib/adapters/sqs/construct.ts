/** The permissions to list the dead letters of a queue and to redrive them. */
import type { DeadLetterAccess } from "../../constructs/ports.ts";
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
