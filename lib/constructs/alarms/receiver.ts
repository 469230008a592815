/**
 * Sends every alarm to a topic of SNS, when it fires and when it is over. The topic either exists, or is made here with one
 * e-mail subscription.
 */
import { ArnFormat, CfnOutput, type Stack } from "aws-cdk-lib";
import { AlarmBase } from "aws-cdk-lib/aws-cloudwatch";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Subscription, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { acknowledge, type Reasons } from "../findings/acknowledge.ts";

/** Who gets the alarms: the owner of an e-mail address, or the subscribers of a topic. */
export type AlarmReceiver =
  | { readonly kind: "email"; readonly address: string }
  | { readonly kind: "topic"; readonly arn: string };

/** What must happen before the address gets an alarm. */
export const toConfirm = (address: string): string =>
  `${address} gets no alarm until the link in the e-mail "AWS Notification - Subscription Confirmation" is opened`;

const accepted: Reasons = {
  "Serverless-SNSRedrivePolicy":
    "A queue for e-mails that could not be sent would need an alarm of its own. The state of the alarm is in CloudWatch.",
};

/** The policy of a topic replaces the default policy, which lets every service of the account publish. */
const mayPublish = (stack: Stack, { topicArn }: Topic): PolicyStatement =>
  new PolicyStatement({
    principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
    actions: ["sns:Publish"],
    resources: [topicArn],
    conditions: {
      StringEquals: { "aws:SourceAccount": stack.account },
      ArnLike: {
        "aws:SourceArn": stack.formatArn({
          service: "cloudwatch",
          resource: "alarm",
          resourceName: "*",
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    },
  });

/** CloudWatch cannot publish to a topic that is encrypted with the key of AWS for SNS, `alias/aws/sns`. */
const topicFor = (stack: Stack, address: string): string => {
  const scope = new Construct(stack, "Alarms");
  const topic = new Topic(scope, "Topic", { displayName: `${stack.stackName} alarms`, enforceSSL: true });
  topic.addToResourcePolicy(mayPublish(stack, topic));
  const subscription = new Subscription(scope, "Subscription", {
    topic,
    protocol: SubscriptionProtocol.EMAIL,
    endpoint: address,
  });
  acknowledge(subscription, accepted);
  new CfnOutput(stack, "AlarmSubscription", { value: toConfirm(address) });
  return topic.topicArn;
};

/** Gives every alarm of all stacks these actions. A new topic is part of `stack`. Call it when all alarms are made. */
export const sendAlarms = (stack: Stack, receiver: AlarmReceiver): void => {
  const alarmActionArn = receiver.kind === "topic" ? receiver.arn : topicFor(stack, receiver.address);
  const action = { bind: () => ({ alarmActionArn }) };
  for (const each of stack.node.root.node.findAll())
    if (each instanceof AlarmBase) {
      each.addAlarmAction(action);
      each.addOkAction(action);
    }
};
