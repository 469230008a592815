/** Every alarm is sent to its receiver when it fires and when it is over. A new topic accepts alarms of its stack only. */
import { App, Duration, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Alarm, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { expect, test } from "vitest";
import { type AlarmReceiver, sendAlarms } from "../../lib/constructs/alarms/receiver.ts";

/** Two stacks of one application, each with an alarm. */
const templatesWith = (receiver: AlarmReceiver) => {
  const app = new App();
  const [shop, brokers] = [new Stack(app, "shop"), new Stack(app, "brokers")];
  for (const stack of [shop, brokers])
    new Alarm(stack, "Own", {
      metric: new Metric({ namespace: "own", metricName: "failures", period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
    });
  sendAlarms(shop, receiver);
  return { shop: Template.fromStack(shop), brokers: Template.fromStack(brokers) };
};

const arn = "arn:aws:sns:eu-central-1:123456789012:alarms";
const address = "ops@example.com";

test("every alarm of every stack goes to the topic that exists, and no topic is made", () => {
  for (const template of Object.values(templatesWith({ kind: "topic", arn }))) {
    template.allResourcesProperties("AWS::CloudWatch::Alarm", { AlarmActions: [arn], OKActions: [arn] });
    template.resourceCountIs("AWS::SNS::Topic", 0);
  }
});

test("every alarm goes to the topic that is made for an address", () => {
  const { shop, brokers } = templatesWith({ kind: "email", address });
  const [[topic] = []] = Object.entries(shop.findResources("AWS::SNS::Topic"));
  shop.allResourcesProperties("AWS::CloudWatch::Alarm", {
    AlarmActions: [{ Ref: topic }],
    OKActions: [{ Ref: topic }],
  });
  brokers.allResourcesProperties("AWS::CloudWatch::Alarm", {
    AlarmActions: [Match.anyValue()],
    OKActions: [Match.anyValue()],
  });
  shop.hasResourceProperties("AWS::SNS::Subscription", {
    Protocol: "email",
    Endpoint: address,
    TopicArn: { Ref: topic },
  });
});

test("the output says that the subscription must be confirmed", () => {
  templatesWith({ kind: "email", address }).shop.hasOutput("AlarmSubscription", {
    Value:
      'ops@example.com gets no alarm until the link in the e-mail "AWS Notification - Subscription Confirmation" is opened',
  });
});

test("the new topic lets CloudWatch publish the alarms of this account, and refuses requests without TLS", () => {
  const { shop } = templatesWith({ kind: "email", address });
  shop.hasResourceProperties("AWS::SNS::TopicPolicy", {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: "Deny",
          Action: "sns:Publish",
          Principal: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
        Match.objectLike({
          Effect: "Allow",
          Action: "sns:Publish",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Condition: {
            StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
            ArnLike: { "aws:SourceArn": Match.anyValue() },
          },
        }),
      ]),
    },
  });
});

test("the new topic has no key, because CloudWatch may not use the key of AWS for SNS", () => {
  const { shop } = templatesWith({ kind: "email", address });
  const [topic] = Object.values(shop.findResources("AWS::SNS::Topic"));
  expect(topic?.Properties).toEqual({ DisplayName: "shop alarms" });
});
