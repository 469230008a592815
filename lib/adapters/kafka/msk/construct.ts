/**
 * A cluster of Amazon MSK with its own VPC, for a separate stack: the smallest one, with two brokers. AWS cannot
 * create a cluster with public access, so the cluster is created closed, and a second deployment opens it. After
 * that, functions reach it over TLS with their roles and need no VPC. Event source mappings connect inside the VPC
 * with the security group of the cluster, and reach Lambda and STS through endpoints. The cluster costs money as
 * long as it exists. It is deleted with its stack, because the event store has every event that was ever in it.
 */
import { CfnOutput, RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { CfnCluster } from "aws-cdk-lib/aws-msk";
import { Construct } from "constructs";
import { acknowledge, type Reasons } from "../../../constructs/findings/acknowledge.ts";

type Access = "create" | "open";

const publicAccess = { create: "DISABLED", open: "SERVICE_PROVIDED_EIPS" } as const satisfies Record<
  Access,
  string
>;

const machine = { kafkaVersion: "3.8.x", instanceType: "kafka.t3.small", gigabytes: 20 } as const;
/** One broker per availability zone. */
const brokers = 2;
/** The port of Amazon MSK for public clients that use IAM. */
const publicPort = 9198;

const accepted: Reasons = {
  "AwsSolutions-EC23":
    "Functions without a VPC have no fixed addresses. Clients use TLS and must sign in with a role that has rights in the cluster.",
  "AwsSolutions-VPC7":
    "The network has only the brokers and two endpoints. The brokers log to CloudWatch, and a flow log is charged by volume.",
};

const networkOf = (scope: Construct, access: Access) => {
  const vpc = new Vpc(scope, "Network", {
    maxAzs: brokers,
    natGateways: 0,
    subnetConfiguration: [{ name: "Brokers", subnetType: SubnetType.PUBLIC }],
    // Restricting it would need a custom resource with a function.
    restrictDefaultSecurityGroup: false,
  });
  const group = new SecurityGroup(scope, "Group", {
    vpc,
    description: "Brokers, mappings that read them, and what these call",
  });
  group.addIngressRule(group, Port.allTcp());
  if (access === "open") group.addIngressRule(Peer.anyIpv4(), Port.tcp(publicPort), "Clients with a role");
  const securityGroups = [group];
  const { LAMBDA, STS } = InterfaceVpcEndpointAwsService;
  vpc.addInterfaceEndpoint("Lambda", { service: LAMBDA, open: false, securityGroups });
  vpc.addInterfaceEndpoint("Sts", { service: STS, open: false, securityGroups });
  return {
    clientSubnets: vpc.publicSubnets.map(({ subnetId }) => subnetId),
    securityGroups: [group.securityGroupId],
  };
};

/** Creates a cluster of Amazon MSK. */
export const mskResources = (parent: Construct, access: Access): void => {
  const scope = new Construct(parent, "Kafka");
  acknowledge(scope, accepted);
  const logs = new LogGroup(scope, "Logs", {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const cluster = new CfnCluster(scope, "Cluster", {
    clusterName: Stack.of(scope).stackName,
    kafkaVersion: machine.kafkaVersion,
    numberOfBrokerNodes: brokers,
    brokerNodeGroupInfo: {
      ...networkOf(scope, access),
      instanceType: machine.instanceType,
      storageInfo: { ebsStorageInfo: { volumeSize: machine.gigabytes } },
      connectivityInfo: { publicAccess: { type: publicAccess[access] } },
    },
    clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
    encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } },
    loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: logs.logGroupName } } },
  });
  // For the stack that uses the cluster, and for commands that ask for its brokers.
  new CfnOutput(Stack.of(scope), "KafkaCluster", { value: cluster.attrArn });
};
