/**
 * One client per container. A lost connection must not use up the time of a function, so each request times out
 * early and is retried.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** A client of DynamoDB. */
export const dynamoClient = (): DynamoDBClient =>
  new DynamoDBClient({
    cacheMiddleware: true,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
