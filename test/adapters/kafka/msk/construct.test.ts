import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { mskResources } from "../../../../lib/adapters/kafka/msk/construct.ts";

const made = (access: "create" | "open") => {
  const stack = new Stack(new App(), "shop-kafka");
  mskResources(stack, access);
  return Template.fromStack(stack);
};

test("a cluster is the smallest of its kind, encrypted throughout, and accepts only IAM roles", () => {
  made("create").hasResourceProperties("AWS::MSK::Cluster", {
    ClusterName: "shop-kafka",
    NumberOfBrokerNodes: 2,
    BrokerNodeGroupInfo: { InstanceType: "kafka.t3.small" },
    ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
    EncryptionInfo: { EncryptionInTransit: { ClientBroker: "TLS", InCluster: true } },
    LoggingInfo: { BrokerLogs: { CloudWatchLogs: { Enabled: true } } },
  });
});

test.each([
  ["create", "DISABLED"],
  ["open", "SERVICE_PROVIDED_EIPS"],
] as const)("%s: public access is %s, because AWS creates no cluster with public access", (access, type) => {
  made(access).hasResourceProperties("AWS::MSK::Cluster", {
    BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: type } } },
  });
});

test("opening it changes only the cluster and its security group", () => {
  const [closed, open] = [made("create"), made("open")].map((template) => template.toJSON().Resources);
  const changed = Object.keys(open).filter((id) => JSON.stringify(open[id]) !== JSON.stringify(closed[id]));
  expect(changed.map((id) => open[id].Type).toSorted()).toEqual([
    "AWS::EC2::SecurityGroup",
    "AWS::MSK::Cluster",
  ]);
  expect(Object.keys(closed)).toEqual(Object.keys(open));
});

test("from outside only the port for IAM is open, and inside the group all ports are", () => {
  made("open").hasResourceProperties("AWS::EC2::SecurityGroup", {
    SecurityGroupIngress: [Match.objectLike({ CidrIp: "0.0.0.0/0", FromPort: 9198, ToPort: 9198 })],
  });
  made("open").hasResourceProperties("AWS::EC2::SecurityGroupIngress", { IpProtocol: "tcp" });
  expect(JSON.stringify(made("create").toJSON())).not.toContain("9198");
});

test("mappings reach Lambda and STS through endpoints, and nothing else costs money", () => {
  const template = made("open");
  for (const service of ["lambda", "sts"])
    template.hasResourceProperties("AWS::EC2::VPCEndpoint", {
      ServiceName: { "Fn::Join": ["", ["com.amazonaws.", { Ref: "AWS::Region" }, `.${service}`]] },
      PrivateDnsEnabled: true,
    });
  template.resourceCountIs("AWS::EC2::VPCEndpoint", 2);
  template.resourceCountIs("AWS::EC2::NatGateway", 0);
  template.resourceCountIs("AWS::Lambda::Function", 0);
});

test("its ARN is an output, for the stack that uses it", () => {
  made("create").hasOutput("KafkaCluster", { Value: { "Fn::GetAtt": [Match.anyValue(), "Arn"] } });
});
