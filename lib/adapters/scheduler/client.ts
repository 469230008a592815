/** One client per container. */
import { SchedulerClient } from "@aws-sdk/client-scheduler";

/** A client of EventBridge Scheduler. */
export const schedulerClient = (): SchedulerClient =>
  new SchedulerClient({
    cacheMiddleware: true,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
