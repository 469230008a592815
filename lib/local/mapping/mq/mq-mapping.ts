/**
 * AWS::Lambda::EventSourceMapping of a RabbitMQ queue of Amazon MQ. It gives the messages to the function in order, one
 * batch at a time, until they are done. A batch is delivered as soon as it has a message, unless the template has a
 * window. The default window of AWS is half a second.
 */
import * as z from "zod";
import { propertiesOf } from "../../service/properties.ts";
import type { Cloud, MakeProvider, Resource } from "../../service/service.ts";
import { brokerDelivery, brokerProperties } from "../delivery.ts";
import { type Mapping, mappingProvider } from "../mapping-provider.ts";
import { outages } from "../outages.ts";
import { filteredBy, type MqRecord, mqEvent } from "./mq-record.ts";
import type { QueueReading } from "./mq-source.ts";

const mappingProperties = z.strictObject({
  EventSourceArn: z.string(),
  ...brokerProperties,
  Queues: z.array(z.string()).length(1, "expected one queue"),
  SourceAccessConfigurations: z
    .array(z.strictObject({ Type: z.enum(["BASIC_AUTH", "VIRTUAL_HOST"]), URI: z.string() }))
    .refine((all) => all.some(({ Type }) => Type === "BASIC_AUTH"), "expected an entry of type BASIC_AUTH"),
});

type Properties = z.infer<typeof mappingProperties>;

const accessOf = ({ SourceAccessConfigurations }: Properties, type: string): string | undefined =>
  SourceAccessConfigurations.find(({ Type }) => Type === type)?.URI;

const brokerUrlOf = (resource: Resource, { EventSourceArn }: Properties, amqp: string | undefined): URL => {
  if (amqp !== undefined) {
    if (/^amqps?:/.test(amqp) && URL.canParse(amqp)) return new URL(amqp);
    throw new Error(`option amqp = ${amqp}: expected a URL such as amqp://user:password@host:5672`);
  }
  throw new Error(
    `${resource.id} (${resource.type}): property EventSourceArn = ${EventSourceArn}: give the URL of the RabbitMQ to use in its place with the option amqp`,
  );
};

type Broker = {
  readonly amqp: string | undefined;
  readonly outageOf: ReturnType<typeof outages>;
};

const mapping = (cloud: Cloud, resource: Resource, { amqp, outageOf }: Broker): Mapping => {
  const properties = propertiesOf(resource, mappingProperties);
  const { EventSourceArn: brokerArn, Queues } = properties;
  const queue = Queues[0] ?? "";
  const virtualHost = accessOf(properties, "VIRTUAL_HOST") ?? "/";
  const url = brokerUrlOf(resource, properties, amqp);
  url.pathname = `/${encodeURIComponent(virtualHost)}`;
  const eventOf = (records: readonly MqRecord[]) => mqEvent({ brokerArn, queue, virtualHost }, records);
  const {
    functionArn,
    problem,
    reading: common,
  } = brokerDelivery(cloud, resource, { properties, filteredBy, eventOf });
  let reading: QueueReading | undefined;

  /** The rights that AWS requires to find the broker and to sign in. Here the URL is enough for both. */
  const checkRights = () => {
    const required = [
      { action: "mq:DescribeBroker", resource: brokerArn },
      { action: "secretsmanager:GetSecretValue", resource: accessOf(properties, "BASIC_AUTH") ?? "" },
    ];
    for (const requirement of required) cloud.authorize(cloud.roleOf(functionArn), requirement);
  };

  return {
    start: async () => {
      if (!properties.Enabled) return;
      checkRights();
      // The client of a broker is an optional package, so it is loaded only if the template has such a mapping.
      const { readQueue } = await import("./mq-source.ts");
      reading = readQueue({
        url: url.href,
        queue,
        batchSize: properties.BatchSize,
        outage: outageOf(resource.id, problem),
        ...common,
      });
    },
    stop: () => reading?.stop(),
  };
};

/** `amqp` is the URL of the RabbitMQ to use in place of Amazon MQ. */
export const mqMappings = (amqp: string | undefined): MakeProvider =>
  mappingProvider("mq", (cloud) => {
    const broker: Broker = { amqp, outageOf: outages() };
    return (resource) => mapping(cloud, resource, broker);
  });
