/**
 * A Kafka of Amazon MSK with a network of its own, for a stack of its own: the smallest one, on two machines. AWS makes
 * no cluster that is open to the public from the beginning, so it is made closed and opened by a second deployment.
 * Then functions reach it over TLS from everywhere, by their roles, and need no network themselves. Mappings reach into
 * the network with the security group of the cluster, and find Lambda and STS from there. It costs money as long as it
 * is there, and goes with its stack: the event store has all that ever was in it.
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

type Access = "create" | "open";

const publicAccess = { create: "DISABLED", open: "SERVICE_PROVIDED_EIPS" } as const satisfies Record<
  Access,
  string
>;

const machine = { kafkaVersion: "3.8.x", instanceType: "kafka.t3.small", gigabytes: 20 } as const;
/** One apiece, in as many zones. */
const brokers = 2;
/** Where Amazon MSK takes the public's connections that sign in by a role. */
const publicPort = 9198;

const networkOf = (scope: Construct, access: Access) => {
  const vpc = new Vpc(scope, "Network", {
    maxAzs: brokers,
    natGateways: 0,
    subnetConfiguration: [{ name: "Brokers", subnetType: SubnetType.PUBLIC }],
    // Would take a function.
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

export const mskResources = (parent: Construct, access: Access): void => {
  const scope = new Construct(parent, "Kafka");
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
  // For the stack that uses it, and whoever asks for its brokers.
  new CfnOutput(Stack.of(scope), "KafkaCluster", { value: cluster.attrArn });
};
