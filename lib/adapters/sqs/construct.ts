/** What operators need to look into the dead letters of a queue and to give them to it again. */
import type { DeadLetterAccess } from "../../constructs/ports.ts";
import { queueVariable } from "./settings.ts";

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
