/** One client per container. */
import { SFNClient } from "@aws-sdk/client-sfn";

/** A client of Step Functions. */
export const stepFunctionsClient = (): SFNClient =>
  new SFNClient({
    cacheMiddleware: true,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
