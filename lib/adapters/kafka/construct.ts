/**
 * A Kafka that is there already, anybody's, whose brokers functions reach without a network of their own: over TLS
 * with a name and a password. Nothing here costs money while idle. Topics are made beforehand, see `topics.ts`.
 */
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { Bus } from "../../constructs/ports.ts";
import { variables } from "./settings.ts";
import { topicOf } from "./topics.ts";

/** Each with the name that an event-source mapping has for it. */
const mechanisms = {
  plain: "BASIC_AUTH",
  "scram-sha-256": "SASL_SCRAM_256_AUTH",
  "scram-sha-512": "SASL_SCRAM_512_AUTH",
} as const;

export type KafkaOptions = {
  /** Each as host:port. */
  readonly brokers: readonly string[];
  /** None for brokers that ask nobody who they are, and encrypt nothing. */
  readonly signIn?: {
    readonly mechanism: keyof typeof mechanisms;
    /** A secret of Secrets Manager with `username` and `password`. */
    readonly secretArn: string;
  };
};

type SignIn = NonNullable<KafkaOptions["signIn"]>;

/** Resolved when the stack is deployed: it stands in no template. */
const secretOf = ({ secretArn }: SignIn, field: string) =>
  `{{resolve:secretsmanager:${secretArn}:SecretString:${field}}}`;

const environmentOf = ({ brokers, signIn }: KafkaOptions): Readonly<Record<string, string>> => ({
  [variables.brokers]: brokers.join(","),
  ...(signIn && {
    [variables.security]: signIn.mechanism,
    [variables.username]: secretOf(signIn, "username"),
    [variables.password]: secretOf(signIn, "password"),
  }),
});

export const kafka =
  (options: KafkaOptions): Bus =>
  (_scope, { source }) => {
    const { brokers, signIn } = options;
    const environment = environmentOf(options);
    const readSecret = signIn
      ? [{ actions: ["secretsmanager:GetSecretValue"], resources: [signIn.secretArn] }]
      : [];

    /** `from` publishes it: the application itself, or another system. */
    const mapping = (
      scope: Construct,
      category: string,
      { from, group, functionName }: Record<"from" | "group" | "functionName", string>,
    ) =>
      new CfnEventSourceMapping(scope, category, {
        functionName,
        selfManagedEventSource: { endpoints: { kafkaBootstrapServers: [...brokers] } },
        sourceAccessConfigurations: signIn && [{ type: mechanisms[signIn.mechanism], uri: signIn.secretArn }],
        // No two mappings may share one.
        selfManagedKafkaEventSourceConfig: { consumerGroupId: `${group}.${category}` },
        topics: [topicOf(from, category)],
        startingPosition: "TRIM_HORIZON",
        batchSize: 100,
      });

    return {
      publish: { environment: { ...environment, [variables.source]: source }, statements: [] },
      keepsOrder: true,
      subscribe: (handler, { categories, ...interest }, { attempts } = {}) => {
        const group = `${source}.${handler}`;
        return {
          triesItself: true,
          // The mapping signs in with the rights of its function.
          consume: {
            environment: {
              ...environment,
              [variables.group]: group,
              [variables.interest]: JSON.stringify(interest),
              ...(attempts !== undefined && { [variables.attempts]: `${attempts}` }),
            },
            statements: readSecret,
          },
          connect: (scope, { functionName }) => {
            const mappings = new Construct(scope, "Kafka");
            const from = interest.source ?? source;
            for (const category of categories) mapping(mappings, category, { from, group, functionName });
          },
        };
      },
    };
  };
