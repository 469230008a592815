/** Continues instances of choreographies with messages to the queues of their sagas. */
import type { SQSClient } from "@aws-sdk/client-sqs";
import { again, type ContinueSaga, deadlineMessage } from "../../ports/deadlines.ts";
import { sqsSender } from "./sender.ts";

/** Sends to the queue of the saga. */
export const sqsContinueSaga = (client: SQSClient, queueOf: (saga: string) => string): ContinueSaga => {
  const send = sqsSender(client, queueOf);
  return (saga, sagaId) => send(saga, deadlineMessage({ sagaId, task: again }));
};
