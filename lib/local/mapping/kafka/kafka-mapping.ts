/**
 * AWS::Lambda::EventSourceMapping of a Kafka topic, of Amazon MSK or of other brokers. It gives the messages of each
 * partition to the function in order, until they are done. Kafka stores the offsets. A batch is delivered as soon as it
 * has a message, unless the template has a window. The default window of AWS is half a second.
 */
import * as z from "zod";
import { propertiesOf } from "../../service/properties.ts";
import type { Cloud, MakeProvider, Resource } from "../../service/service.ts";
import { brokerDelivery, brokerProperties } from "../delivery.ts";
import { type Mapping, mappingProvider } from "../mapping-provider.ts";
import { outages } from "../outages.ts";
import { filteredBy, type KafkaRecord, kafkaEvent } from "./kafka-record.ts";
import type { TopicReading } from "./kafka-source.ts";

const consumerGroup = z.strictObject({ ConsumerGroupId: z.string().optional() }).optional();

/**
 * These entries place a mapping in a network, and the local cloud has no networks. All other entries are for signing
 * in.
 */
const isNetwork = (type: string) => type.startsWith("VPC_");
const access = z
  .strictObject({ Type: z.string(), URI: z.string() })
  .refine(({ Type }) => isNetwork(Type), "only a Kafka without sign-in runs here");

const mappingProperties = z
  .strictObject({
    EventSourceArn: z.string().optional(),
    SelfManagedEventSource: z
      .strictObject({ Endpoints: z.strictObject({ KafkaBootstrapServers: z.array(z.string()).min(1) }) })
      .optional(),
    ...brokerProperties,
    Topics: z.array(z.string()).length(1, "expected one topic"),
    StartingPosition: z.enum(["TRIM_HORIZON", "LATEST"]),
    SelfManagedKafkaEventSourceConfig: consumerGroup,
    AmazonManagedKafkaEventSourceConfig: consumerGroup,
    SourceAccessConfigurations: z.array(access).optional(),
  })
  .refine(({ EventSourceArn, SelfManagedEventSource }) => !EventSourceArn || !SelfManagedEventSource, {
    path: ["EventSourceArn"],
    message: "expected this or SelfManagedEventSource, got both",
  });

type Properties = z.infer<typeof mappingProperties>;

const bootstrapServersOf = (resource: Resource, properties: Properties, kafka: string | undefined) => {
  const own = properties.SelfManagedEventSource?.Endpoints.KafkaBootstrapServers;
  if (own) return own;
  if (kafka !== undefined) return kafka.split(",");
  throw new Error(
    `${resource.id} (${resource.type}): property EventSourceArn = ${properties.EventSourceArn}: give the brokers to use in its place with the option kafka`,
  );
};

/** The rights that AWS requires to create a mapping of Amazon MSK. */
const rights = ["kafka:DescribeCluster", "kafka:GetBootstrapBrokers"];

type Brokers = {
  readonly kafka: string | undefined;
  readonly outageOf: ReturnType<typeof outages>;
};

const mapping = (cloud: Cloud, resource: Resource, { kafka, outageOf }: Brokers): Mapping => {
  const properties = propertiesOf(resource, mappingProperties);
  const { EventSourceArn: clusterArn, Topics } = properties;
  const brokers = bootstrapServersOf(resource, properties, kafka);
  const group =
    properties.SelfManagedKafkaEventSourceConfig ?? properties.AmazonManagedKafkaEventSourceConfig;
  const from = {
    eventSource: clusterArn ? "aws:kafka" : "SelfManagedKafka",
    ...(clusterArn && { eventSourceArn: clusterArn }),
    bootstrapServers: brokers.join(","),
  };
  const eventOf = (records: readonly KafkaRecord[]) => kafkaEvent(from, records);
  const {
    functionArn,
    problem,
    reading: common,
  } = brokerDelivery(cloud, resource, { properties, filteredBy, eventOf });
  let reading: TopicReading | undefined;

  return {
    start: async () => {
      if (!properties.Enabled) return;
      if (clusterArn)
        for (const action of rights)
          cloud.authorize(cloud.roleOf(functionArn), { action, resource: clusterArn });
      // The client of a broker is an optional package, so it is loaded only if the template has such a mapping.
      const { readTopic } = await import("./kafka-source.ts");
      reading = readTopic({
        brokers,
        topic: Topics[0] ?? "",
        group: group?.ConsumerGroupId ?? resource.name,
        fromBeginning: properties.StartingPosition === "TRIM_HORIZON",
        outage: outageOf(resource.id, problem),
        ...common,
      });
    },
    stop: () => reading?.stop(),
  };
};

/** `kafka` are the brokers to use in place of Amazon MSK. */
export const kafkaMappings = (kafka: string | undefined): MakeProvider =>
  mappingProvider("kafka", (cloud) => {
    const brokers: Brokers = { kafka, outageOf: outages() };
    return (resource) => mapping(cloud, resource, brokers);
  });
