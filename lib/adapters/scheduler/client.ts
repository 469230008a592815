/** One client per container. */
import { SchedulerClient } from "@aws-sdk/client-scheduler";

export const schedulerClient = (): SchedulerClient =>
  new SchedulerClient({
    cacheMiddleware: true,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
