/** Reads what a synthesized template needs in a broker: topics and groups of Kafka, queues of RabbitMQ. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { variables as kafka } from "../../lib/adapters/kafka/settings.ts";
import { deadLettersOf } from "../../lib/adapters/kafka/topics.ts";
import { declaration, variables as rabbitMq } from "../../lib/adapters/rabbitmq/settings.ts";
import { type Topology, topology } from "../../lib/adapters/rabbitmq/topology.ts";

const schema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z
        .object({
          Topics: z.array(z.string()).default([]),
          Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional(),
        })
        .default({ Topics: [] }),
    }),
  ),
});

export type Template = z.output<typeof schema>;

/** The template of one stack of an assembly. */
export const templateIn = (assembly: string, stack: string): Template =>
  schema.parse(JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), "utf8")));

const propertiesIn = ({ Resources }: Template) => Object.values(Resources).map((each) => each.Properties);

/** The distinct values of an environment variable of functions. */
const valuesOf = (template: Template, variable: string): readonly string[] => [
  ...new Set(
    propertiesIn(template)
      .map(({ Environment }) => Environment?.Variables[variable])
      .filter((value) => typeof value === "string"),
  ),
];

/** The topics of events, and the topics of dead letters. */
export const topicsIn = (template: Template): readonly string[] => [
  ...new Set(propertiesIn(template).flatMap(({ Topics }) => Topics)),
  ...valuesOf(template, kafka.group).map(deadLettersOf),
];

export const topologyIn = (template: Template): Topology => {
  const [source] = valuesOf(template, rabbitMq.source);
  const [subscriptions] = valuesOf(template, rabbitMq.subscriptions);
  if (source === undefined || subscriptions === undefined)
    throw new Error("the template has no function that publishes to RabbitMQ");
  return topology(source, declaration(subscriptions));
};
