/**
 * Finds the functions to load before their first call: functions that clients reach with requests, and functions that
 * read a stream. The others are loaded at their first call, because each takes memory, and an order needs only half of
 * them.
 */
import { functionArnIn } from "../http-api/definition.ts";
import { mappedFunctionArn } from "../mapping/function.ts";
import { sourceKindOf } from "../mapping/source-kind.ts";
import type { Cloud } from "../service/service.ts";

export const firstFunctions = (
  cloud: Pick<Cloud, "resources" | "region" | "account">,
): ReadonlySet<string> => {
  const reached = cloud.resources
    .filter(({ type }) => type === "AWS::ApiGatewayV2::Integration")
    .map(({ properties }) => functionArnIn(String(properties.IntegrationUri)));
  const followers = cloud.resources
    .filter((each) => each.type === "AWS::Lambda::EventSourceMapping" && sourceKindOf(each) === "stream")
    .map(({ properties }) => mappedFunctionArn(cloud, String(properties.FunctionName)));
  return new Set([...reached, ...followers]);
};
