/**
 * AWS::Lambda::EventSourceMapping of a Kafka topic, of Amazon MSK or of brokers of one's own: gives the messages
 * of each partition to the function in their order, until they are done. Kafka keeps how far they are. A batch goes
 * off as soon as there is something in it, unless the template says a window; AWS waits half a second by default.
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

/** What places a mapping in a network, which there is none of here. Everything else signs in. */
const isNetwork = (type: string) => type.startsWith("VPC_");
const access = z
  .strictObject({ Type: z.string(), URI: z.string() })
  .refine(({ Type }) => isNetwork(Type), "only a Kafka that asks nobody to sign in is run here");

const mappingProperties = z
  .strictObject({
    EventSourceArn: z.string().optional(),
    SelfManagedEventSource: z
      .strictObject({ Endpoints: z.strictObject({ KafkaBootstrapServers: z.array(z.string()).min(1) }) })
      .optional(),
    ...brokerProperties,
    Topics: z.array(z.string()).length(1, "a mapping reads one topic"),
    StartingPosition: z.enum(["TRIM_HORIZON", "LATEST"]),
    SelfManagedKafkaEventSourceConfig: consumerGroup,
    AmazonManagedKafkaEventSourceConfig: consumerGroup,
    SourceAccessConfigurations: z.array(access).optional(),
  })
  .refine(({ EventSourceArn, SelfManagedEventSource }) => !EventSourceArn || !SelfManagedEventSource, {
    path: ["EventSourceArn"],
    message: "a mapping has this or SelfManagedEventSource, not both",
  });

type Properties = z.infer<typeof mappingProperties>;

const bootstrapServersOf = (resource: Resource, properties: Properties, kafka: string | undefined) => {
  const own = properties.SelfManagedEventSource?.Endpoints.KafkaBootstrapServers;
  if (own) return own;
  if (kafka !== undefined) return kafka.split(",");
  throw new Error(
    `${resource.id} (${resource.type}): property EventSourceArn = ${properties.EventSourceArn}: the local cloud is not told the brokers that stand for it (option kafka)`,
  );
};

/** What AWS asks for when a mapping of Amazon MSK is made. */
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
      // The client of a broker is loaded only if a template has such a mapping: not everyone installs it.
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

/** `kafka` are the brokers that stand for Amazon MSK. */
export const kafkaMappings = (kafka: string | undefined): MakeProvider =>
  mappingProvider("kafka", (cloud) => {
    const brokers: Brokers = { kafka, outageOf: outages() };
    return (resource) => mapping(cloud, resource, brokers);
  });
