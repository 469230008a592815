/** One client per container. */
import { SESv2Client } from "@aws-sdk/client-sesv2";

/** A client of Amazon SES. */
export const sesClient = (): SESv2Client =>
  new SESv2Client({
    cacheMiddleware: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true },
  });
