/**
 * The permissions of functions in a cluster of Amazon MSK with IAM: each function has only its own topics and
 * groups. All their names begin with the name of the application, so no other application in that cluster may use
 * the prefix, such as `shop.`.
 */
type Statement = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly wildcard?: string;
};

/** Why a resource contains `*`. */
const because = {
  topics: "The names of all topics and groups of the application begin with its own name.",
  network:
    "The mapping connects to the VPC of the cluster. Lambda chooses the ids of the network interfaces, and the stack does not know the subnets and groups of the cluster.",
  read: "These actions only read, and support no resource-level permissions.",
} as const;

/** The topics and the groups that a function reads with. */
export type Consumption = {
  readonly topics: readonly string[];
  readonly groups: readonly string[];
  readonly deadLetters: string;
};

/** `clusterArn` is arn:aws:kafka:region:account:cluster/name/uuid. */
export const mskRights = (clusterArn: string, source: string) => {
  const [arn = "", partition = "", , region = "", account = ""] = clusterArn.split(":");
  const named = (kind: "topic" | "group", name: string): string =>
    `${clusterArn.replace(":cluster/", `:${kind}/`)}/${name}`;
  const network = (kind: string): string => [arn, partition, "ec2", region, account, `${kind}/*`].join(":");
  const inCluster = (...actions: readonly string[]): Statement => ({ actions, resources: [clusterArn] });
  const onTopics = (names: readonly string[], ...actions: readonly string[]): Statement => ({
    actions: ["kafka-cluster:DescribeTopic", ...actions],
    resources: names.map((name) => named("topic", name)),
    wildcard: because.topics,
  });
  const inGroups = (names: readonly string[]): Statement => ({
    actions: ["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"],
    resources: names.map((name) => named("group", name)),
    wildcard: because.topics,
  });
  const produce = inCluster("kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently");
  const allDeadLetters = `${source}.*.dead-letters`;

  return {
    publish: [produce, onTopics([`${source}.*`], "kafka-cluster:WriteData")],
    /**
     * The mapping of the function signs in with the function's permissions, and also uses them to connect to the
     * VPC of the cluster.
     */
    consume: ({ topics, groups, deadLetters }: Consumption): readonly Statement[] => [
      produce,
      inCluster("kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"),
      inGroups(groups),
      onTopics(topics, "kafka-cluster:ReadData"),
      onTopics([deadLetters], "kafka-cluster:WriteData"),
      {
        actions: ["ec2:CreateNetworkInterface"],
        resources: ["network-interface", "subnet", "security-group"].map(network),
        wildcard: because.network,
      },
      {
        actions: ["ec2:DeleteNetworkInterface"],
        resources: [network("network-interface")],
        wildcard: because.network,
      },
      {
        actions: [
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs",
        ],
        resources: ["*"],
        wildcard: because.read,
      },
    ],
    /** In addition to `publish`. */
    redrive: [
      inGroups([allDeadLetters]),
      onTopics([allDeadLetters], "kafka-cluster:ReadData", "kafka-cluster:WriteData"),
    ],
  };
};
