/** One client per container. A lost connection must not eat the time of a function: it gives up and tries again. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

export const dynamoClient = (): DynamoDBClient =>
  new DynamoDBClient({
    cacheMiddleware: true,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
