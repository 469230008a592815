/**
 * An existing Kafka cluster whose brokers functions reach without a VPC: either a cluster over TLS with a user name and
 * a password, or Amazon MSK with IAM roles. These resources cost nothing while idle. Topics are created beforehand,
 * see `topics.ts`.
 */
import { CfnEventSourceMapping, type CfnEventSourceMappingProps } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { acknowledge, type Reasons } from "../../constructs/findings/acknowledge.ts";
import type { Bus, Statement } from "../../constructs/ports.ts";
import { type Consumption, mskRights } from "./msk/rights.ts";
import { variables } from "./settings.ts";
import { deadLettersOf, topicOf } from "./topics.ts";

/** Each with its name in an event source mapping. */
const mechanisms = {
  plain: "BASIC_AUTH",
  "scram-sha-256": "SASL_SCRAM_256_AUTH",
  "scram-sha-512": "SASL_SCRAM_512_AUTH",
} as const;

/** The cluster, and how functions reach it. */
export type KafkaOptions = {
  /** Each as host:port. */
  readonly brokers: readonly string[];
  /** Absent for brokers without authentication and encryption. */
  readonly signIn?: Password | Role;
};

type Password = {
  readonly mechanism: keyof typeof mechanisms;
  /** A secret of Secrets Manager with `username` and `password`. */
  readonly secretArn: string;
};

/** The roles of the functions, with a cluster of Amazon MSK. */
type Role = { readonly mechanism: "iam"; readonly clusterArn: string };

/** Resolved at deployment, so the template does not contain the secret. */
const secretOf = ({ secretArn }: Password, field: string) =>
  `{{resolve:secretsmanager:${secretArn}:SecretString:${field}}}`;

const environmentOf = ({ brokers, signIn }: KafkaOptions): Readonly<Record<string, string>> => ({
  [variables.brokers]: brokers.join(","),
  ...(signIn && { [variables.security]: signIn.mechanism }),
  ...(signIn &&
    signIn.mechanism !== "iam" && {
      [variables.username]: secretOf(signIn, "username"),
      [variables.password]: secretOf(signIn, "password"),
    }),
});

const acceptedForMappings: Reasons = {
  "Serverless-LambdaEventSourceMappingDestination":
    "The mapping retries until the function succeeds. The function itself writes a record that it gives up to a dead-letter topic.",
};

type Access = {
  readonly publish: readonly Statement[];
  /** The mapping signs in with the permissions of its function. */
  readonly consume: (consumption: Consumption) => readonly Statement[];
  readonly redrive: readonly Statement[];
  /** The source from which a mapping of this group reads. */
  readonly origin: (consumerGroupId: string) => Partial<CfnEventSourceMappingProps>;
};

const accessTo = ({ brokers, signIn }: KafkaOptions, source: string): Access => {
  if (signIn?.mechanism === "iam")
    return {
      ...mskRights(signIn.clusterArn, source),
      origin: (consumerGroupId) => ({
        eventSourceArn: signIn.clusterArn,
        amazonManagedKafkaEventSourceConfig: { consumerGroupId },
      }),
    };
  return {
    publish: [],
    consume: () =>
      signIn ? [{ actions: ["secretsmanager:GetSecretValue"], resources: [signIn.secretArn] }] : [],
    redrive: [],
    origin: (consumerGroupId) => ({
      selfManagedEventSource: { endpoints: { kafkaBootstrapServers: [...brokers] } },
      sourceAccessConfigurations: signIn && [{ type: mechanisms[signIn.mechanism], uri: signIn.secretArn }],
      selfManagedKafkaEventSourceConfig: { consumerGroupId },
    }),
  };
};

/** Connects functions to the cluster. */
export const kafkaResources =
  (options: KafkaOptions): Bus =>
  (_scope, { source }) => {
    const environment = environmentOf(options);
    const access = accessTo(options, source);

    return {
      publish: { environment: { ...environment, [variables.source]: source }, statements: access.publish },
      redrive: { environment: {}, statements: access.redrive },
      keepsOrder: true,
      subscribe: (handler, { categories, ...interest }, { attempts } = {}) => {
        const group = `${source}.${handler}`;
        const from = interest.source ?? source;
        // Two mappings must not share a group.
        const readings = categories.map((category) => ({
          category,
          topic: topicOf(from, category),
          consumerGroupId: `${group}.${category}`,
        }));
        return {
          triesItself: true,
          consume: {
            environment: {
              ...environment,
              [variables.group]: group,
              [variables.interest]: JSON.stringify(interest),
              ...(attempts !== undefined && { [variables.attempts]: `${attempts}` }),
            },
            statements: access.consume({
              topics: readings.map(({ topic }) => topic),
              groups: readings.map(({ consumerGroupId }) => consumerGroupId),
              deadLetters: deadLettersOf(group),
            }),
          },
          connect: (scope, { functionName }) => {
            const mappings = new Construct(scope, "Kafka");
            acknowledge(mappings, acceptedForMappings);
            for (const { category, topic, consumerGroupId } of readings)
              new CfnEventSourceMapping(mappings, category, {
                functionName,
                ...access.origin(consumerGroupId),
                topics: [topic],
                startingPosition: "TRIM_HORIZON",
                batchSize: 100,
              });
          },
        };
      },
    };
  };
