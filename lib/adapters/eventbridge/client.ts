/** One client per container. */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";

/** A client of EventBridge. */
export const eventBridgeClient = (): EventBridgeClient =>
  new EventBridgeClient({
    cacheMiddleware: true,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
