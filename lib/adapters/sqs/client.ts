/**
 * One client per container. It uses the endpoint of the region or of the environment, not the one in the queue URL.
 */
import { SQSClient } from "@aws-sdk/client-sqs";

/** A client of SQS. */
export const sqsClient = (): SQSClient =>
  new SQSClient({
    cacheMiddleware: true,
    maxAttempts: 2,
    useQueueUrlAsEndpoint: false,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
