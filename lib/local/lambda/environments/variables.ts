/** The environment variables of a function: its own in the template, and the ones that Lambda adds. */
import type { Credentials } from "../../gateway/credentials.ts";
import { withoutSdkWarning } from "../../service/sdk-warning.ts";
import type { FunctionSettings } from "../settings.ts";

export const variablesOf = (
  settings: FunctionSettings,
  given: {
    readonly region: string;
    readonly endpoint: string;
    readonly logStream: string;
    readonly credentials: Credentials;
  },
): Readonly<Record<string, string>> => ({
  ...settings.variables,
  AWS_ACCESS_KEY_ID: given.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: given.credentials.secretAccessKey,
  AWS_SESSION_TOKEN: "local",
  AWS_DEFAULT_REGION: given.region,
  AWS_ENDPOINT_URL: given.endpoint,
  AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMegabytes),
  AWS_LAMBDA_FUNCTION_NAME: settings.name,
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  ...(settings.logLevel !== undefined && {
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_LEVEL: settings.logLevel,
  }),
  AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
  AWS_LAMBDA_LOG_STREAM_NAME: given.logStream,
  AWS_REGION: given.region,
  // The function runs on the Node version of this machine, which is not the one on AWS.
  ...withoutSdkWarning,
  LAMBDA_TASK_ROOT: settings.folder,
  TZ: ":UTC",
  _HANDLER: settings.handler,
});
