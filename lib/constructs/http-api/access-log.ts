/**
 * The access log of the API: one line of JSON per request, also for requests that API Gateway refuses itself. It says who
 * called which route, and how that ended. It has no body, no token, no header and no query string. It has no path either:
 * callers choose it, and ids in it may be personal. `function_request_id` is the same in the log lines of the function,
 * which have the path and the correlation id.
 *
 * API Gateway delivers access logs of HTTP APIs as vended logs. It adds the log group to a resource policy of the account,
 * with the rights of the principal that deploys. That policy is limited to 5120 characters; names with this prefix share
 * one entry when it is full:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html
 */
import { RemovalPolicy, Stack } from "aws-cdk-lib";
import type { CfnStage } from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

/**
 * To add a field, add a row. API Gateway does not escape what it inserts, so a quote breaks the line
 * (https://github.com/DataBiosphere/azul/issues/4009). No field may contain text that a caller or a function chooses, such
 * as a path, a user agent or the message of an error. The variables:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const fields = {
  requestId: "$context.requestId",
  function_request_id: "$context.integration.requestId",
  time: "$context.requestTime",
  method: "$context.httpMethod",
  routeKey: "$context.routeKey",
  protocol: "$context.protocol",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integration.latency",
  functionStatus: "$context.integration.status",
  lambdaStatus: "$context.integration.integrationStatus",
  error: "$context.error.responseType",
  authorizerError: "$context.authorizer.error",
  subject: "$context.authorizer.claims.sub",
  sourceIp: "$context.identity.sourceIp",
} as const;

/** The log group, and the setting of the stage that writes to it. */
export const accessLogIn = (scope: Construct): CfnStage.AccessLogSettingsProperty => {
  const { logGroupArn } = new LogGroup(scope, "AccessLog", {
    logGroupName: `/aws/vendedlogs/${Stack.of(scope).stackName}/access`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return { destinationArn: logGroupArn, format: JSON.stringify(fields) };
};
