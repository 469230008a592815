/**
 * How many requests the API takes, from all callers together. API Gateway answers 429 to the others. It treats the limits
 * as targets, and applies them to each route of the stage:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
import type { CfnStage } from "aws-cdk-lib/aws-apigatewayv2";
import type { Reasons } from "../findings/acknowledge.ts";

/** `rate` is in requests per second. `burst` is the number of requests that may come at once. */
export type Throttle = { readonly rate: number; readonly burst: number };

/** The setting of the stage. Undefined without limits: only the limits of the account then apply. */
export const routeSettingsOf = (throttle: Throttle | undefined): CfnStage.RouteSettingsProperty | undefined =>
  throttle && { throttlingRateLimit: throttle.rate, throttlingBurstLimit: throttle.burst };

/** The findings of cdk-nag to accept. */
export const acceptedWith = (throttle: Throttle | undefined): Reasons =>
  throttle
    ? {}
    : {
        "Serverless-APIGWDefaultThrottling":
          "The limits of the account apply. Lower ones depend on the load that the team expects: throttle=RATE,BURST sets them.",
      };
