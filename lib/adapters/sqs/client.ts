/** One client per container. Its endpoint is the region's, or the environment's, and not the queue's own. */
import { SQSClient } from "@aws-sdk/client-sqs";

export const sqsClient = (): SQSClient =>
  new SQSClient({
    cacheMiddleware: true,
    maxAttempts: 2,
    useQueueUrlAsEndpoint: false,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
